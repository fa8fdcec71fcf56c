import { Dialog } from '../kit/dialog.tsx'
import { KeyboardSection } from '../settings/keyboard-section.tsx'
import { useTexts } from '../texts/use-texts.ts'
import styles from './shortcuts-dialog.module.css'
import { appTexts } from './texts.ts'

/** What "?" opens. */
export function ShortcutsDialog({ onClose }: { readonly onClose: () => void }) {
  const texts = useTexts(appTexts)
  return (
    <Dialog title={texts.shortcutsTitle} closeLabel={texts.close} onClose={onClose} size="medium" scrolls>
      <div className={styles.groups}>
        <KeyboardSection />
      </div>
    </Dialog>
  )
}
