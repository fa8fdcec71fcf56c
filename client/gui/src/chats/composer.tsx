import type { ConversationView } from '@brieftaube/contract'
import { SendHorizontal, X } from 'lucide-react'
import { useEffect, useImperativeHandle, useRef, useState, type KeyboardEvent, type Ref } from 'react'
import { useSettings } from '../app/settings-context.tsx'
import { useCore } from '../core/core-context.ts'
import { attempt } from '../core/use-command.ts'
import { useView } from '../core/use-view.ts'
import { useAnnouncer } from '../kit/announcer.tsx'
import { IconButton } from '../kit/icon-button.tsx'
import { failureText } from '../texts/errors.ts'
import { useSpeech, useTexts } from '../texts/use-texts.ts'
import { excerpt } from './bidi.ts'
import { newLocalId, type ClientId } from './ids.ts'
import { composerActionOf } from './keyboard.ts'
import { titleOf } from './sentences.ts'
import { excessOf } from './text-length.ts'
import styles from './composer.module.css'
import { chatTexts } from './texts.ts'
import { useDraft } from './use-draft.ts'

const TYPING_EVERY_MS = 3000

/** The message that is being answered. */
export interface ReplyTarget {
  readonly to: ClientId
  readonly key: string
  readonly author: string
  readonly own: boolean
  readonly text: string
}

export interface ComposerProps {
  readonly view: ConversationView
  readonly reply: ReplyTarget | undefined
  readonly onReply: (reply: ReplyTarget | undefined) => void
  readonly onLastMessage: () => void
  readonly control: Ref<ComposerControl>
}

export interface ComposerControl {
  focus(): void
}

/** The text field. What is written in it is never lost: it leaves only when the core has taken it. */
export function Composer({ view, reply, onReply, onLastMessage, control }: ComposerProps) {
  const texts = useTexts(chatTexts)
  const { settings } = useSettings()
  const offline = useView('connection')?.kind === 'offline'
  const field = useRef<HTMLTextAreaElement>(null)
  const draft = useDraft(view.conversation, view.draft)
  const typing = useTyping(view, settings.sendTyping)
  const send = useSend(view, draft, reply, onReply)
  const title = titleOf(view, texts)
  const over = excessOf(draft.text)
  const waits = view.sendingBlocked !== undefined
  const ready = draft.text.trim() !== '' && over <= 0 && !waits

  useImperativeHandle(control, () => ({ focus: () => field.current?.focus() }))
  useFittedHeight(field, draft.text)
  useEffect(() => {
    if (matchMedia('(pointer: fine)').matches && document.querySelector('dialog[open]') === null)
      field.current?.focus()
  }, [])

  function submit(): void {
    if (ready) void send(draft.text)
    field.current?.focus()
  }

  function press(event: KeyboardEvent): void {
    const state = { enterSends: settings.enterSends, empty: draft.text === '', replying: reply !== undefined }
    switch (composerActionOf({ ...keyOf(event), isComposing: event.nativeEvent.isComposing }, state)) {
      case 'send':
        event.preventDefault()
        submit()
        return
      case 'cancel-reply':
        event.preventDefault()
        event.stopPropagation()
        onReply(undefined)
        return
      case 'last-message':
        event.preventDefault()
        onLastMessage()
        return
      case 'break':
      case undefined:
    }
  }

  return (
    <form
      className={styles.composer}
      onSubmit={(event) => {
        event.preventDefault()
        submit()
      }}
    >
      <div className={styles.column}>
        <div className={styles.field}>
          {reply !== undefined && <ReplyChip reply={reply} onCancel={() => onReply(undefined)} />}
          <textarea
            ref={field}
            className={styles.text}
            rows={1}
            dir="auto"
            value={draft.text}
            placeholder={texts.composer.placeholder(title)}
            aria-label={texts.composer.label(title)}
            aria-invalid={over > 0 || undefined}
            aria-describedby="composer-note"
            enterKeyHint={settings.enterSends ? 'send' : 'enter'}
            data-region-start
            onChange={(event) => {
              draft.setText(event.target.value)
              if (event.target.value.trim() !== '') typing()
            }}
            onKeyDown={press}
          />
        </div>
        <p id="composer-note" className={styles.note}>
          {over > 0 ? (
            <span className={styles.over}>{texts.composer.tooLong(over)}</span>
          ) : offline ? (
            texts.composer.offline
          ) : undefined}
        </p>
      </div>
      <IconButton
        type="submit"
        tone="solid"
        className={styles.send}
        label={texts.composer.send}
        icon={<SendHorizontal />}
        disabled={!ready}
      />
    </form>
  )
}

function keyOf({ key, altKey, ctrlKey, metaKey, shiftKey }: KeyboardEvent) {
  return { key, altKey, ctrlKey, metaKey, shiftKey }
}

function ReplyChip({ reply, onCancel }: { readonly reply: ReplyTarget; readonly onCancel: () => void }) {
  const texts = useTexts(chatTexts)
  return (
    <div className={styles.reply}>
      <div className={styles.replyWords}>
        <span className={styles.replyName}>
          {reply.own ? texts.composer.replyingToSelf : texts.composer.replyingTo(reply.author)}
        </span>
        <bdi className={styles.replyText}>{excerpt(reply.text)}</bdi>
      </div>
      <IconButton label={texts.composer.cancelReply} icon={<X />} onClick={onCancel} />
    </div>
  )
}

/** Tells the others, at most every few seconds while something is written. */
function useTyping(view: ConversationView, allowed: boolean): () => void {
  const { client } = useCore()
  const last = useRef(0)
  return () => {
    const now = Date.now()
    if (!allowed || view.sendingBlocked !== undefined || now - last.current < TYPING_EVERY_MS) return
    last.current = now
    void attempt(client.call('typing', { conversation: view.conversation }))
  }
}

/** Hands a text to the core. If it is refused it stands in the field again, in front of what was written meanwhile. */
function useSend(
  view: ConversationView,
  draft: ReturnType<typeof useDraft>,
  reply: ReplyTarget | undefined,
  onReply: (reply: ReplyTarget | undefined) => void,
) {
  const { client } = useCore()
  const { language } = useSpeech()
  const announcer = useAnnouncer()
  // The same text under the same name again is sent once, should the core have taken it after all.
  const [refused, setRefused] = useState<{ readonly text: string; readonly localId: string }>()

  return async (text: string): Promise<void> => {
    const localId = refused?.text === text ? refused.localId : newLocalId()
    const taken = draft.take(text)
    onReply(undefined)
    const outcome = await attempt(
      client.call('sendText', {
        conversation: view.conversation,
        localId,
        text: text.trim(),
        replyTo: reply?.to,
      }),
    )
    if (outcome.kind === 'done') {
      setRefused(undefined)
      taken.accepted()
    } else {
      setRefused({ text, localId })
      taken.refused()
      onReply(reply)
      announcer.toast({ text: failureText(language, outcome.failure), tone: 'danger' })
    }
  }
}

/** Grows with the text where CSS cannot do it by itself. */
function useFittedHeight(field: React.RefObject<HTMLTextAreaElement | null>, text: string): void {
  useEffect(() => {
    const element = field.current
    if (element === null || CSS.supports('field-sizing', 'content')) return
    element.style.height = 'auto'
    element.style.height = `${String(element.scrollHeight)}px`
  }, [field, text])
}
