import { useEffect, useLayoutEffect, useState } from 'react'
import { useCore } from '../core/core-context.ts'
import { attempt } from '../core/use-command.ts'
import { useView } from '../core/use-view.ts'
import type { ConversationId } from './ids.ts'
import { advance, dividerIsOlder, emptyLog, type MessageLog } from './message-log.ts'
import { firstSeq } from './unread.ts'
import { useLatest } from './use-latest.ts'

/** How many pages are loaded at most to reach the unread divider or the target of a reply. */
export const MAX_PAGES = 20

export interface LoadedLog {
  /** undefined until the first messages are there. */
  readonly log: MessageLog | undefined
  readonly loadingOlder: boolean
  /** Does nothing while it runs or when there is nothing older. */
  readonly loadOlder: () => Promise<void>
}

/** The messages of a conversation as the list draws them, from opening it until it is left. */
export function useMessageLog(conversation: ConversationId, attention: 'looking' | 'away'): LoadedLog {
  const { client } = useCore()
  const view = useView('messages', { conversation })
  const connection = useView('connection')
  const [log, setLog] = useState<MessageLog>(emptyLog)
  const [pages, setPages] = useState(0)
  const [loadingOlder, setLoadingOlder] = useState(false)

  // Catching up after being away is not looking either: the reader has not seen any of it.
  const looking = connection?.catchingUp === true ? 'away' : attention
  const opening = log.source === undefined
  const reachesBack = view !== undefined && opening && pages < MAX_PAGES && dividerIsOlder(view)
  if (view !== undefined && !reachesBack && view !== log.source && view !== log.rest) {
    setLog(advance(log, view, looking))
  }

  const { rest } = log
  useLayoutEffect(() => {
    if (rest !== undefined)
      setLog((before) => (before.rest === rest ? advance(before, rest, looking) : before))
    // `looking` counts as it was when the messages came.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [rest])

  const loadOlder = useLatest(async () => {
    const beforeSeq = view === undefined ? undefined : firstSeq(view.messages)
    if (view?.more !== true || beforeSeq === undefined || loadingOlder) return
    setLoadingOlder(true)
    await attempt(client.call('loadOlder', { conversation, beforeSeq }))
    setLoadingOlder(false)
  })

  useEffect(() => {
    // Every round counts, also one that brought nothing, so that it ends.
    if (reachesBack) void loadOlder().then(() => setPages((count) => count + 1))
  }, [reachesBack, pages, loadOlder])

  return { log: opening ? undefined : log, loadingOlder, loadOlder }
}
