import type { ConversationRow } from '@brieftaube/contract'
import { memo } from 'react'
import { Avatar } from '../kit/avatar.tsx'
import { Badge } from '../kit/badge.tsx'
import { classNames } from '../kit/class-names.ts'
import { useSpeech, useTexts } from '../texts/use-texts.ts'
import { VisuallyHidden } from '../kit/visually-hidden.tsx'
import { pathOf } from '../app/routes.ts'
import { previewOf, titleOf, type Preview } from './sentences.ts'
import { Seal } from './seal.tsx'
import { StateIcon } from './state-icon.tsx'
import styles from './chat-row.module.css'
import { chatTexts, type ChatTexts } from './texts.ts'

export interface ChatRowProps {
  readonly row: ConversationRow
  readonly now: number
  readonly open: boolean
  /** Whether the Tab key stops here. */
  readonly tabStop: boolean
}

/** A conversation in the list. */
export const ChatRow = memo(function ChatRow({ row, now, open, tabStop }: ChatRowProps) {
  const texts = useTexts(chatTexts)
  const { dates } = useSpeech()
  const time = row.lastActivityAt === 0 ? '' : dates.brief(row.lastActivityAt, now)
  const title = titleOf(row, texts)
  return (
    <a
      href={pathOf({ kind: 'chats', conversation: row.conversation, details: false })}
      className={classNames(styles.row, !row.active && styles.left)}
      aria-current={open ? 'page' : undefined}
      tabIndex={tabStop ? 0 : -1}
      data-conversation={row.conversation}
      draggable={false}
    >
      <Avatar
        name={title}
        seed={row.peer ?? row.conversation}
        picture={row.picture}
        square={row.kind === 'group'}
        online={row.kind === 'direct' && row.online}
      />
      <span className={styles.words}>
        <span className={styles.line}>
          <bdi className={styles.title}>{title}</bdi>
          {row.verified && <Seal />}
          <VisuallyHidden>{signsOf(row, texts)}</VisuallyHidden>
          <span className={classNames(styles.time, row.unread > 0 && styles.fresh)}>{time}</span>
        </span>
        <span className={styles.line}>
          <PreviewLine preview={previewOf(row, texts, open)} />
          <Badge count={row.unread} label={texts.list.unread(row.unread)} className={styles.count} />
        </span>
      </span>
    </a>
  )
})

function PreviewLine({ preview }: { readonly preview: Preview }) {
  const texts = useTexts(chatTexts)
  return (
    <span className={classNames(styles.preview, styles[preview.tone])}>
      {preview.state !== undefined && (
        <>
          <StateIcon state={preview.state} className={styles.state} />
          <VisuallyHidden>{texts.state[preview.state]}, </VisuallyHidden>
        </>
      )}
      {preview.prefix !== undefined && <span className={styles.prefix}>{preview.prefix} </span>}
      <bdi>{preview.text}</bdi>
    </span>
  )
}

/** In words what the row draws as signs. */
function signsOf(row: ConversationRow, texts: ChatTexts): string {
  const signs = [
    row.verified ? texts.list.verified : '',
    row.kind === 'direct' && row.online ? texts.list.online : '',
    row.active ? '' : texts.list.notActive,
  ]
  return signs
    .filter((sign) => sign !== '')
    .map((sign) => `, ${sign}`)
    .join('')
}
