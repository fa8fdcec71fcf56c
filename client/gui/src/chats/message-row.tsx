import type { BrokenMessageView, TextMessageView } from '@brieftaube/contract'
import { Ellipsis, MessageCircleWarning, Lock, Reply, ShieldAlert } from 'lucide-react'
import { memo } from 'react'
import { Avatar } from '../kit/avatar.tsx'
import { hueOf } from '../kit/avatar-rules.ts'
import { classNames } from '../kit/class-names.ts'
import { VisuallyHidden } from '../kit/visually-hidden.tsx'
import { failureText } from '../texts/errors.ts'
import { useSpeech, useTexts } from '../texts/use-texts.ts'
import { excerpt } from './bidi.ts'
import { isEmojiOnly } from './emoji.ts'
import type { BubbleItem, MessageItem } from './message-items.ts'
import { MessageText } from './message-text.tsx'
import { brokenSentence, isWarning, messageName, systemSentence } from './sentences.ts'
import { StateIcon } from './state-icon.tsx'
import styles from './message-row.module.css'
import { chatTexts } from './texts.ts'

export interface MessageRowProps {
  readonly item: MessageItem
  readonly kind: 'direct' | 'group'
  /** Renewed every minute or so, for "today". */
  readonly now: number
  /** Whether the Tab key stops here. */
  readonly tabStop: boolean
  /** A reply has led here. */
  readonly flash: boolean
  /** The pointer or the keyboard is on it: its buttons are drawn. On all rows they would cost half of the drawing. */
  readonly tools: boolean
}

/** One row of the message list. What is pressed in it is found by its `data-act`, in the list. */
export const MessageRow = memo(function MessageRow({
  item,
  kind,
  now,
  tabStop,
  flash,
  tools,
}: MessageRowProps) {
  const texts = useTexts(chatTexts)
  const { dates } = useSpeech()
  switch (item.kind) {
    case 'beginning':
      return (
        <p className={styles.beginning}>
          <Lock aria-hidden="true" />
          {item.joinedLater ? texts.chat.joinedLater : texts.chat.beginning}
        </p>
      )
    case 'day':
      return (
        <p className={styles.day}>
          <span className={styles.pill}>{dates.day(item.at, now)}</span>
        </p>
      )
    case 'unread':
      return (
        <p className={styles.unread}>
          <span>{texts.chat.unread(item.count)}</span>
        </p>
      )
    case 'system': {
      const { message } = item
      const sentence = systemSentence(message.event, texts)
      return (
        <article
          className={classNames(styles.system, isWarning(message.event) && styles.warning)}
          aria-label={`${sentence}, ${dates.time(message.at)}`}
          tabIndex={tabStop ? 0 : -1}
          data-message={item.key}
        >
          {isWarning(message.event) && <ShieldAlert aria-hidden="true" />}
          <span>{sentence}</span>
        </article>
      )
    }
    case 'bubble':
      return <BubbleRow item={item} kind={kind} tabStop={tabStop} flash={flash} tools={tools} />
  }
})

type BubbleRowProps = { readonly item: BubbleItem } & Pick<
  MessageRowProps,
  'kind' | 'tabStop' | 'flash' | 'tools'
>

function BubbleRow({ item, kind, tabStop, flash, tools }: BubbleRowProps) {
  const texts = useTexts(chatTexts)
  const { dates } = useSpeech()
  const { message, first, last } = item
  const own = message.kind === 'text' && message.own
  const faces = kind === 'group' && !own
  const name = message.authorName.trim() === '' ? texts.message.unknown : message.authorName
  const big = message.kind === 'text' && message.replyTo === undefined && isEmojiOnly(message.text)
  return (
    <article
      className={classNames(
        styles.row,
        own ? styles.own : styles.other,
        first && styles.first,
        last && styles.last,
        flash && styles.flash,
      )}
      aria-label={messageName(message, texts, dates)}
      aria-keyshortcuts="R C Enter"
      tabIndex={tabStop ? 0 : -1}
      data-message={item.key}
    >
      {faces && (
        <span className={styles.face}>
          {last && <Avatar name={name} seed={message.author ?? item.key} size={32} />}
        </span>
      )}
      <div className={styles.stack}>
        <div className={classNames(styles.bubble, big && styles.big)} data-act="bubble">
          {faces && first && (
            <p className={styles.name} style={{ '--h': hueOf(message.author ?? item.key) }}>
              <bdi>{name}</bdi>
            </p>
          )}
          {message.kind === 'text' ? <TextBody message={message} /> : <BrokenBody message={message} />}
          <span className={styles.meta}>
            <time dateTime={new Date(message.at).toISOString()}>{dates.time(message.at)}</time>
            {message.kind === 'text' && message.state !== undefined && <StateIcon state={message.state} />}
          </span>
        </div>
        {message.kind === 'text' && message.state === 'failed' && <Failed message={message} />}
      </div>
      {tools && message.kind === 'text' && (
        <div className={styles.tools}>
          <Tool act="reply" label={texts.message.reply} icon={<Reply />} />
          <Tool act="menu" label={texts.message.actions} icon={<Ellipsis />} />
        </div>
      )}
    </article>
  )
}

function Tool({
  act,
  label,
  icon,
}: {
  readonly act: string
  readonly label: string
  readonly icon: React.ReactNode
}) {
  return (
    <button
      type="button"
      className={styles.tool}
      tabIndex={-1}
      aria-label={label}
      data-tooltip={label}
      data-act={act}
    >
      {icon}
    </button>
  )
}

function TextBody({ message }: { readonly message: TextMessageView }) {
  const texts = useTexts(chatTexts)
  const { replyTo } = message
  return (
    <>
      {replyTo !== undefined && (
        <button
          type="button"
          className={styles.quote}
          tabIndex={-1}
          data-act="jump"
          data-target={replyTo.key}
        >
          <VisuallyHidden>{texts.message.toOriginal}: </VisuallyHidden>
          <bdi className={styles.quoteName}>{replyTo.author}</bdi>
          <bdi className={styles.quoteText}>{excerpt(replyTo.text)}</bdi>
        </button>
      )}
      <MessageText text={message.text} />
    </>
  )
}

function BrokenBody({ message }: { readonly message: BrokenMessageView }) {
  const texts = useTexts(chatTexts)
  return (
    <span className={styles.broken}>
      <MessageCircleWarning aria-hidden="true" />
      {brokenSentence(message, texts)}
    </span>
  )
}

function Failed({ message }: { readonly message: TextMessageView }) {
  const texts = useTexts(chatTexts)
  const { language } = useSpeech()
  const why = message.failure === undefined ? '' : ` ${failureText(language, message.failure)}`
  return (
    <div className={styles.failed}>
      <p>{texts.message.failed + why}</p>
      <div className={styles.failedActions}>
        <button type="button" className={styles.failedAction} data-act="retry">
          {texts.message.retry}
        </button>
        <button type="button" className={styles.failedAction} data-act="discard">
          {texts.message.discard}
        </button>
      </div>
    </div>
  )
}
