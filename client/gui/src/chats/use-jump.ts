import { useEffect, useState } from 'react'
import type { MessageLog } from './message-log.ts'
import { MAX_PAGES } from './use-message-log.ts'
import { useLatest } from './use-latest.ts'

const FLASH_MS = 1300

/** Leads to the message that a reply answers, also when it has to be loaded first. */
export function useJump(log: MessageLog, onOlder: () => Promise<void>, onFound: (key: string) => void) {
  const [wanted, setWanted] = useState<{ readonly key: string; readonly pages: number }>()
  const [flash, setFlash] = useState<string>()
  const found = wanted !== undefined && log.items.some((item) => item.key === wanted.key)
  const arrive = useLatest(onFound)
  const more = log.source?.more === true

  useEffect(() => {
    if (wanted === undefined) return
    if (found) {
      arrive(wanted.key)
      setFlash(wanted.key)
      setWanted(undefined)
    } else if (more && wanted.pages < MAX_PAGES) {
      void onOlder().then(() => setWanted((before) => before && { key: before.key, pages: before.pages + 1 }))
    } else {
      setWanted(undefined)
    }
    // Each page is one more try.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [wanted, found])

  useEffect(() => {
    if (flash === undefined) return
    const timer = setTimeout(() => setFlash(undefined), FLASH_MS)
    return () => clearTimeout(timer)
  }, [flash])

  return { to: (key: string) => setWanted({ key, pages: 0 }), flash }
}
