import { useSettings } from '../app/settings-context.tsx'
import { Box, BoxLine } from '../kit/box.tsx'
import { Segmented } from '../kit/segmented.tsx'
import { Switch } from '../kit/switch.tsx'
import { useTexts } from '../texts/use-texts.ts'
import { settingsTexts } from './texts.ts'

export function AppearanceSection() {
  const texts = useTexts(settingsTexts)
  const { settings, change } = useSettings()
  return (
    <>
      <Box title={texts.colours}>
        <BoxLine
          stacked
          label={texts.theme}
          hint={texts.themeHint}
          end={
            <Segmented
              label={texts.theme}
              value={settings.theme}
              onValue={(theme) => change({ theme })}
              options={[
                { value: 'light', label: texts.light },
                { value: 'dark', label: texts.dark },
                { value: 'system', label: texts.system },
              ]}
            />
          }
        />
      </Box>
      <Box title={texts.reading}>
        <BoxLine
          stacked
          label={texts.textSize}
          hint={texts.textSizeHint}
          end={
            <Segmented
              label={texts.textSize}
              value={settings.textSize}
              onValue={(textSize) => change({ textSize })}
              options={[
                { value: 'small', label: texts.small },
                { value: 'normal', label: texts.normal },
                { value: 'large', label: texts.large },
              ]}
            />
          }
        />
        <BoxLine
          stacked
          label={texts.language}
          end={
            <Segmented
              label={texts.language}
              value={settings.language}
              onValue={(language) => change({ language })}
              options={[
                { value: 'de', label: 'Deutsch' },
                { value: 'en', label: 'English' },
                { value: 'system', label: texts.system },
              ]}
            />
          }
        />
        <Switch
          label={texts.reduceMotion}
          hint={texts.reduceMotionHint}
          checked={settings.reduceMotion}
          onChecked={(reduceMotion) => change({ reduceMotion })}
        />
      </Box>
      <Box title={texts.writing}>
        <Switch
          label={texts.enterSends}
          hint={settings.enterSends ? texts.enterSendsHint : texts.enterBreaksHint}
          checked={settings.enterSends}
          onChecked={(enterSends) => change({ enterSends })}
        />
      </Box>
    </>
  )
}
