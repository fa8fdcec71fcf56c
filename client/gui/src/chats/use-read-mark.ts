import { useEffect, useRef } from 'react'
import { useCore } from '../core/core-context.ts'
import { attempt } from '../core/use-command.ts'
import type { ConversationId } from './ids.ts'
import { useLatest } from './use-latest.ts'

const COALESCE_MS = 250

/** Moves the read cursor forward, at most a few times a second; never back. */
export function useReadMark(conversation: ConversationId): (seq: number) => void {
  const { client } = useCore()
  const marked = useRef(0)
  const wanted = useRef(0)
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined)

  const send = useLatest(() => {
    timer.current = undefined
    if (wanted.current <= marked.current) return
    marked.current = wanted.current
    void attempt(client.call('markRead', { conversation, seq: wanted.current }))
  })
  useEffect(() => {
    return () => {
      clearTimeout(timer.current)
      send()
    }
  }, [send])

  return useLatest((seq) => {
    if (seq <= wanted.current) return
    wanted.current = seq
    timer.current ??= setTimeout(send, COALESCE_MS)
  })
}
