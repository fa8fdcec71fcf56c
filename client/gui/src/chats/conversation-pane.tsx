import type { ConversationRow, ConversationView } from '@brieftaube/contract'
import { MessageCircleOff, PanelRight } from 'lucide-react'
import { useEffect, useRef, useState } from 'react'
import { goBack, navigate } from '../app/router.ts'
import { pathOf } from '../app/routes.ts'
import { useCore } from '../core/core-context.ts'
import { attempt } from '../core/use-command.ts'
import { useView } from '../core/use-view.ts'
import { Avatar } from '../kit/avatar.tsx'
import { Button } from '../kit/button.tsx'
import { classNames } from '../kit/class-names.ts'
import { EmptyState } from '../kit/empty-state.tsx'
import { IconButton } from '../kit/icon-button.tsx'
import { PaneHeader } from '../kit/pane-header.tsx'
import { Spinner } from '../kit/spinner.tsx'
import { VisuallyHidden } from '../kit/visually-hidden.tsx'
import { useTexts } from '../texts/use-texts.ts'
import { isolate } from './bidi.ts'
import { Composer, type ComposerControl, type ReplyTarget } from './composer.tsx'
import { ComposerNotice } from './composer-notice.tsx'
import type { ConversationId } from './ids.ts'
import { MessageList, type MessageListControl } from './message-list.tsx'
import { Seal } from './seal.tsx'
import { headerLine, titleOf, typingSentence } from './sentences.ts'
import styles from './conversation-pane.module.css'
import { chatTexts } from './texts.ts'
import { useAttention } from './use-attention.ts'
import { useMessageLog } from './use-message-log.ts'
import { useMessageWishes } from './use-message-wishes.tsx'
import { useReadMark } from './use-read-mark.ts'

export interface ConversationPaneProps {
  readonly conversation: ConversationId
  /** Its row in the list, which is there before the rest. */
  readonly row: ConversationRow | undefined
  /** false: no such conversation on this device. */
  readonly known: boolean
  readonly details: boolean
  readonly onNewChat: () => void
}

/** Header, messages and text field of one conversation. Mount it anew for another one. */
export function ConversationPane({ conversation, row, known, details, onNewChat }: ConversationPaneProps) {
  const view = useView('conversation', { conversation })
  useShown(conversation)
  if (!known && view === undefined) return <Gone />
  return (
    <div className={styles.pane}>
      <Header view={view} row={row} conversation={conversation} details={details} />
      {view === undefined ? <Loading /> : <Body view={view} onNewChat={onNewChat} />}
    </div>
  )
}

/** Tells the core which conversation is on screen in this window. */
function useShown(conversation: ConversationId): void {
  const { client } = useCore()
  useEffect(() => {
    const tell = () => {
      const shown = document.visibilityState === 'visible' ? conversation : undefined
      void attempt(client.call('showConversation', { conversation: shown }))
    }
    tell()
    document.addEventListener('visibilitychange', tell)
    return () => {
      document.removeEventListener('visibilitychange', tell)
      void attempt(client.call('showConversation', { conversation: undefined }))
    }
  }, [client, conversation])
}

interface HeaderProps extends Omit<ConversationPaneProps, 'known' | 'onNewChat'> {
  readonly view: ConversationView | undefined
}

function Header({ view, row, conversation, details }: HeaderProps) {
  const texts = useTexts(chatTexts)
  const shown = view ?? row
  const title = shown === undefined ? '' : titleOf(shown, texts)
  const line = view === undefined ? undefined : headerLine(view, texts)
  const path = pathOf({ kind: 'chats', conversation, details: !details })
  return (
    <PaneHeader
      back={{ label: texts.chat.back, when: 'narrow', onBack: () => goBack('/') }}
      leading={
        shown !== undefined && (
          <Avatar
            size={40}
            name={title}
            seed={shown.peer ?? conversation}
            picture={shown.picture}
            square={shown.kind === 'group'}
            online={row?.kind === 'direct' && row.online}
          />
        )
      }
      title={
        <span className={styles.title}>
          <bdi className={styles.titleText}>{title}</bdi>
          {row?.verified === true && (
            <>
              <Seal />
              <VisuallyHidden>{texts.list.verified}</VisuallyHidden>
            </>
          )}
        </span>
      }
      subtitle={
        <span className={classNames(styles.line, line?.typing === true && styles.typing)}>
          {line?.text ?? '\u00a0'}
        </span>
      }
      actions={
        <IconButton
          label={details ? texts.chat.hideDetails : texts.chat.details}
          icon={<PanelRight />}
          aria-expanded={details}
          onClick={() => (details ? goBack(path) : navigate(path))}
        />
      }
    />
  )
}

function Body({
  view,
  onNewChat,
}: { readonly view: ConversationView } & Pick<ConversationPaneProps, 'onNewChat'>) {
  const texts = useTexts(chatTexts)
  const attention = useAttention()
  const { log, loadingOlder, loadOlder } = useMessageLog(view.conversation, attention)
  const markRead = useReadMark(view.conversation)
  const [reply, setReply] = useState<ReplyTarget>()
  const composer = useRef<ComposerControl>(null)
  const list = useRef<MessageListControl>(null)
  const wishes = useMessageWishes({
    conversation: view.conversation,
    messages: log?.messages ?? [],
    canReply: view.active && view.sendingBlocked !== 'left' && view.sendingBlocked !== 'blocked',
    onReply: (target) => {
      setReply(target)
      composer.current?.focus()
    },
  })
  const title = titleOf(view, texts)
  const empty = log !== undefined && log.messages.length === 0 && !log.source?.more
  return (
    <>
      {log === undefined ? (
        <Loading />
      ) : empty ? (
        <EmptyConversation view={view} joinedLater={log.source?.joinedLater === true} />
      ) : (
        <MessageList
          control={list}
          log={log}
          kind={view.kind}
          label={texts.chat.messages(title)}
          attention={attention}
          loadingOlder={loadingOlder}
          onOlder={loadOlder}
          onSeen={markRead}
          onWish={wishes.wish}
          onLeave={() => composer.current?.focus()}
        />
      )}
      <TypingLine view={view} />
      <ComposerNotice view={view} onNewChat={onNewChat} />
      {view.active && view.sendingBlocked !== 'left' && view.sendingBlocked !== 'blocked' && (
        <Composer
          control={composer}
          view={view}
          reply={reply}
          onReply={setReply}
          onLastMessage={() => list.current?.focusLast()}
        />
      )}
      {wishes.menu}
    </>
  )
}

/** Nothing said yet. The text field stays where it always is. */
function EmptyConversation({
  view,
  joinedLater,
}: {
  readonly view: ConversationView
  readonly joinedLater: boolean
}) {
  const texts = useTexts(chatTexts)
  const title = titleOf(view, texts)
  return (
    <div className={styles.empty}>
      <Avatar
        size={96}
        name={title}
        seed={view.peer ?? view.conversation}
        picture={view.picture}
        square={view.kind === 'group'}
      />
      <p className={styles.emptyTitle}>{texts.chat.empty}</p>
      <p className={styles.emptyWords}>
        {joinedLater
          ? texts.chat.joinedLater
          : view.kind === 'group'
            ? texts.chat.emptyGroupHint
            : texts.chat.emptyHint(isolate(title))}
      </p>
    </div>
  )
}

/** Its place is always there, so that nothing moves when somebody begins to type. */
function TypingLine({ view }: { readonly view: ConversationView }) {
  const texts = useTexts(chatTexts)
  const [first] = view.typing
  const sentence =
    first !== undefined && view.kind === 'direct'
      ? texts.typing.one(first)
      : typingSentence(view.typing, view.kind, texts)
  return (
    <div className={styles.typingPlace}>
      {sentence !== undefined && (
        <p className={styles.typingLine}>
          <span className={styles.dots} aria-hidden="true">
            <span />
            <span />
            <span />
          </span>
          {sentence}
        </p>
      )}
    </div>
  )
}

function Loading() {
  const texts = useTexts(chatTexts)
  return (
    <div className={styles.loading}>
      <Spinner centered label={texts.chat.loading} />
    </div>
  )
}

function Gone() {
  const texts = useTexts(chatTexts)
  return (
    <EmptyState
      icon={<MessageCircleOff />}
      title={texts.chat.gone}
      actions={
        <Button variant="primary" onClick={() => navigate('/', { replace: true })}>
          {texts.chat.goneAction}
        </Button>
      }
    />
  )
}
