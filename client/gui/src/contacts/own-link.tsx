import { Copy, Share2 } from 'lucide-react'
import { lazy, Suspense } from 'react'
import { useView } from '../core/use-view.ts'
import { useAnnouncer } from '../kit/announcer.tsx'
import { Button } from '../kit/button.tsx'
import { Dialog } from '../kit/dialog.tsx'
import { useTexts } from '../texts/use-texts.ts'
import styles from './own-link.module.css'
import { personLink } from './sections.ts'
import { contactTexts } from './texts.ts'

const QrPicture = lazy(async () => ({ default: (await import('./qr-picture.tsx')).QrPicture }))

/** The own link in the middle of a pane. */
export function OwnLink() {
  const texts = useTexts(contactTexts)
  return (
    <div className={styles.pane}>
      <div className={styles.card}>
        <h2 className={styles.title}>{texts.ownTitle}</h2>
        <LinkBody />
      </div>
    </div>
  )
}

export function OwnLinkDialog({ onClose }: { readonly onClose: () => void }) {
  const texts = useTexts(contactTexts)
  return (
    <Dialog title={texts.ownTitle} closeLabel={texts.close} onClose={onClose}>
      <LinkBody />
    </Dialog>
  )
}

function LinkBody() {
  const texts = useTexts(contactTexts)
  const session = useView('session')
  const { toast } = useAnnouncer()
  if (session?.kind !== 'signed-in') return undefined
  const { userName } = session
  const link = personLink(location.origin, userName)

  async function copy(): Promise<void> {
    try {
      await navigator.clipboard.writeText(link)
      toast({ text: texts.copied })
    } catch {
      toast({ text: texts.copyFailed, tone: 'danger' })
    }
  }

  return (
    <div className={styles.body}>
      <p className={styles.soft}>{texts.ownText}</p>
      <div className={styles.picture}>
        <Suspense>
          <QrPicture text={link} label={texts.ownQr(userName)} />
        </Suspense>
      </div>
      <p className={styles.name}>@{userName}</p>
      <p className={styles.link} translate="no">
        {link}
      </p>
      <div className={styles.actions}>
        <Button variant="primary" icon={<Copy />} onClick={() => void copy()}>
          {texts.copyLink}
        </Button>
        {'share' in navigator && (
          <Button
            icon={<Share2 />}
            onClick={() => void navigator.share({ url: link }).catch(() => undefined)}
          >
            {texts.shareLink}
          </Button>
        )}
      </div>
    </div>
  )
}
