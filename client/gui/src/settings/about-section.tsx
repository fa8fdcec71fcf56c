import { useView } from '../core/use-view.ts'
import { Box, BoxLine } from '../kit/box.tsx'
import { useTexts } from '../texts/use-texts.ts'
import styles from './settings.module.css'
import { settingsTexts } from './texts.ts'

export function AboutSection() {
  const texts = useTexts(settingsTexts)
  const profile = useView('profile')
  return (
    <>
      <Box>
        <BoxLine label={texts.version} end={<span className={styles.value}>Brieftaube {__VERSION__}</span>} />
        <BoxLine label={texts.server} end={<span className={styles.value}>{location.host}</span>} />
        <BoxLine
          label={texts.licence}
          hint={texts.licenceHint}
          end={<span className={styles.value}>AGPL-3.0</span>}
        />
      </Box>
      <Box>
        <BoxLine label={texts.encryption} hint={texts.encryptionHint} />
        {profile !== undefined && (
          <BoxLine
            label={texts.accountKey}
            hint={texts.accountKeyHint}
            end={<span className={styles.mono}>{profile.accountKeyShort}</span>}
          />
        )}
      </Box>
    </>
  )
}
