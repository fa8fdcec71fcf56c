import { useSettings } from '../app/settings-context.tsx'
import { Box } from '../kit/box.tsx'
import { Switch } from '../kit/switch.tsx'
import { useTexts } from '../texts/use-texts.ts'
import { settingsTexts } from './texts.ts'

export function PrivacySection() {
  const texts = useTexts(settingsTexts)
  const { settings, change } = useSettings()
  return (
    <Box title={texts.signals}>
      <Switch
        label={texts.receipts}
        hint={texts.receiptsHint}
        checked={settings.sendReadReceipts}
        onChecked={(sendReadReceipts) => change({ sendReadReceipts })}
      />
      <Switch
        label={texts.typing}
        hint={texts.typingHint}
        checked={settings.sendTyping}
        onChecked={(sendTyping) => change({ sendTyping })}
      />
    </Box>
  )
}
