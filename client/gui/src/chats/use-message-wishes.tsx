import type { MessageView, TextMessageView } from '@brieftaube/contract'
import { Copy, Reply, RotateCcw, Trash2 } from 'lucide-react'
import { useState, type ReactNode } from 'react'
import { useCore } from '../core/core-context.ts'
import { attempt } from '../core/use-command.ts'
import { useAnnouncer } from '../kit/announcer.tsx'
import { Menu, type MenuItem } from '../kit/menu.tsx'
import { failureText } from '../texts/errors.ts'
import { useSpeech, useTexts } from '../texts/use-texts.ts'
import type { ReplyTarget } from './composer.tsx'
import type { ConversationId } from './ids.ts'
import { chatTexts } from './texts.ts'
import type { MessageWish } from './use-message-keys.ts'

interface WishesInput {
  readonly conversation: ConversationId
  readonly messages: readonly MessageView[]
  readonly canReply: boolean
  readonly onReply: (target: ReplyTarget) => void
}

/** Carries out what somebody wants to do with a message, and draws the menu of one. */
export function useMessageWishes({ conversation, messages, canReply, onReply }: WishesInput) {
  const { client } = useCore()
  const texts = useTexts(chatTexts)
  const { language } = useSpeech()
  const announcer = useAnnouncer()
  const [open, setOpen] = useState<MessageWish>()

  function textOf(key: string): TextMessageView | undefined {
    const message = messages.find((candidate) => candidate.key === key)
    return message?.kind === 'text' ? message : undefined
  }

  async function change(name: 'retryMessage' | 'discardMessage', message: TextMessageView): Promise<void> {
    if (message.localId === undefined) return
    const outcome = await attempt(client.call(name, { conversation, localId: message.localId }))
    if (outcome.kind === 'failed')
      announcer.toast({ text: failureText(language, outcome.failure), tone: 'danger' })
  }

  async function copy(message: TextMessageView): Promise<void> {
    try {
      await navigator.clipboard.writeText(message.text)
      announcer.toast({ text: texts.message.copied })
    } catch {
      announcer.toast({ text: texts.message.copyFailed, tone: 'danger' })
    }
  }

  function wish(wanted: MessageWish): void {
    const message = textOf(wanted.key)
    if (message === undefined) return
    switch (wanted.act) {
      case 'reply': {
        const target = canReply ? replyTo(message) : undefined
        if (target !== undefined) onReply(target)
        return
      }
      case 'copy':
        void copy(message)
        return
      case 'menu':
        setOpen(wanted)
        return
      case 'retry':
        void change('retryMessage', message)
        return
      case 'discard':
        void change('discardMessage', message)
    }
  }

  function menuOf(
    message: TextMessageView,
    key: string,
    anchor: MessageWish['anchor'],
  ): readonly MenuItem[][] {
    const item = (
      act: MessageWish['act'],
      label: string,
      icon: ReactNode,
      more: Partial<MenuItem> = {},
    ): MenuItem => ({
      id: act,
      label,
      icon,
      onSelect: () => wish({ act, key, anchor }),
      ...more,
    })
    const failed = message.state === 'failed'
    return [
      failed ? [item('retry', texts.message.retry, <RotateCcw />)] : [],
      [
        ...(canReply && replyTo(message) !== undefined
          ? [item('reply', texts.message.reply, <Reply />, { detail: 'R' })]
          : []),
        item('copy', texts.message.copy, <Copy />, { detail: 'C' }),
      ],
      failed ? [item('discard', texts.message.discard, <Trash2 />, { danger: true })] : [],
    ]
  }

  const message = open === undefined ? undefined : textOf(open.key)
  return {
    wish,
    menu:
      open !== undefined && message !== undefined ? (
        <Menu
          label={texts.message.actions}
          groups={menuOf(message, open.key, open.anchor)}
          anchor={open.anchor}
          onClose={() => setOpen(undefined)}
        />
      ) : undefined,
  }
}

/** Only what has a name that everybody knows can be answered. */
function replyTo(message: TextMessageView): ReplyTarget | undefined {
  const { clientId, key, authorName, own, text } = message
  return clientId === undefined ? undefined : { to: clientId, key, author: authorName, own, text }
}
