import { useEffect, useState } from 'react'
import { useCore } from '../core/core-context.ts'
import { attempt } from '../core/use-command.ts'
import { makeDraftKeeper } from './drafts.ts'
import type { ConversationId } from './ids.ts'

/** The text field's content and its keeping. `stored` counts at the beginning only. */
export function useDraft(conversation: ConversationId, stored: string) {
  const { client } = useCore()
  const [text, setText] = useState(stored)
  const [keeper] = useState(() =>
    makeDraftKeeper(stored, (draft) => void attempt(client.call('setDraft', { conversation, text: draft }))),
  )

  useEffect(() => {
    const flush = () => keeper.flush()
    window.addEventListener('pagehide', flush)
    document.addEventListener('visibilitychange', flush)
    return () => {
      window.removeEventListener('pagehide', flush)
      document.removeEventListener('visibilitychange', flush)
      flush()
    }
  }, [keeper])

  return {
    text,
    setText: (next: string) => {
      setText(next)
      keeper.changed(next)
    },
    /** Empties the field; the text stays part of the draft until it is accepted. */
    take: (sent: string) => {
      const sending = keeper.sending(sent)
      setText('')
      return { accepted: sending.accepted, refused: () => setText(sending.refused()) }
    },
  }
}
