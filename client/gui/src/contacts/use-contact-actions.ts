import type { CommandInput, PersonView } from '@brieftaube/contract'
import { useState } from 'react'
import { navigate } from '../app/router.ts'
import { useAct } from '../app/use-act.ts'
import { useAnnouncer } from '../kit/announcer.tsx'
import { useTexts } from '../texts/use-texts.ts'
import { contactTexts } from './texts.ts'

type Action = CommandInput<'changeContact'>['action']

/** What one can do with a person; each says in a toast what has become of it and answers whether it worked. */
export function useContactActions(person: PersonView) {
  const texts = useTexts(contactTexts)
  const act = useAct()
  const { toast } = useAnnouncer()
  const [running, setRunning] = useState<Action | 'open'>()
  const name = person.displayName

  async function change(action: Action, done: string): Promise<boolean> {
    if (running !== undefined) return false
    setRunning(action)
    const outcome = await act('changeContact', { account: person.account, action })
    setRunning(undefined)
    if (outcome.kind === 'failed') return false
    toast({ text: done })
    return true
  }

  async function open(): Promise<void> {
    if (running !== undefined) return
    setRunning('open')
    const outcome = await act('openDirect', { account: person.account })
    setRunning(undefined)
    if (outcome.kind === 'failed') return
    navigate({ kind: 'chats', conversation: outcome.reply.conversation, details: false })
  }

  return {
    running,
    open,
    request: () => change('request', texts.requestSent(name)),
    accept: () => change('accept', texts.accepted(name)),
    decline: () => change('decline', texts.declined),
    block: () => change('block', texts.blockedNow(name)),
    unblock: () => change('unblock', texts.unblocked(name)),
    remove: () => change('remove', texts.removed(name)),
  }
}
