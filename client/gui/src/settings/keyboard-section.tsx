import { shortcutGroups, shortcutTexts } from '../app/shortcut-list.ts'
import { useSettings } from '../app/settings-context.tsx'
import { Box, BoxLine } from '../kit/box.tsx'
import { useSpeech, useTexts } from '../texts/use-texts.ts'
import styles from './settings.module.css'

/** Every shortcut; the same list that "?" opens. */
export function KeyboardSection() {
  const texts = useTexts(shortcutTexts)
  const { language } = useSpeech()
  const { settings } = useSettings()
  return shortcutGroups(texts, language, settings.enterSends).map((group) => (
    <Box key={group.title} title={group.title}>
      {group.shortcuts.map((shortcut) => (
        <BoxLine
          key={shortcut.name}
          label={shortcut.name}
          end={
            <span className={styles.keys}>
              {shortcut.keys.map((key) => (
                <kbd key={key}>{key}</kbd>
              ))}
            </span>
          }
        />
      ))}
    </Box>
  ))
}
