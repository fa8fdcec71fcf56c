import { CloudOff } from 'lucide-react'
import { useEffect, useRef, useState } from 'react'
import { useCommand } from '../core/use-command.ts'
import { useView } from '../core/use-view.ts'
import { useAnnouncer } from '../kit/announcer.tsx'
import { useTexts } from '../texts/use-texts.ts'
import styles from './connection-banner.module.css'
import { appTexts } from './texts.ts'

/** Short interruptions are nobody's business. */
const SILENT_MS = 1500

/** Says that the connection is away and what that means. Nothing while all is well. */
export function ConnectionBanner() {
  const texts = useTexts(appTexts)
  const connection = useView('connection')
  const reconnect = useCommand('reconnect')
  const { announce } = useAnnouncer()
  const kind = connection?.kind ?? 'online'
  const [shown, setShown] = useState(false)
  const wasAway = useRef(false)

  useEffect(() => {
    if (kind === 'online') {
      if (wasAway.current) announce(texts.onlineAgain)
      wasAway.current = false
      setShown(false)
      return
    }
    const timer = setTimeout(() => {
      wasAway.current = true
      setShown(true)
    }, SILENT_MS)
    return () => clearTimeout(timer)
  }, [kind, announce, texts])

  if (!shown || connection === undefined || kind === 'online') return undefined
  const consequence = connection.waiting > 0 ? texts.offlineWaiting(connection.waiting) : texts.offlineQueue
  return (
    <div role="status" className={styles.banner}>
      <CloudOff aria-hidden="true" />
      <p className={styles.words}>
        <strong>{kind === 'offline' ? texts.offline : texts.connecting}</strong> <span>{consequence}</span>
      </p>
      {kind === 'offline' && (
        <button type="button" className={styles.action} onClick={() => void reconnect.run({})}>
          {texts.connectNow}
        </button>
      )}
    </div>
  )
}
