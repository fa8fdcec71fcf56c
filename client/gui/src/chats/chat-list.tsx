import { MessageSquarePlus, Plus, SearchX, UsersRound, CheckCheck, MessageCirclePlus } from 'lucide-react'
import type { ConversationRow } from '@brieftaube/contract'
import { useRef, useState, type KeyboardEvent, type ReactNode } from 'react'
import { Virtualizer, type VirtualizerHandle } from 'virtua'
import { navigate } from '../app/router.ts'
import { Button } from '../kit/button.tsx'
import { EmptyState } from '../kit/empty-state.tsx'
import { MenuButton } from '../kit/menu.tsx'
import { PaneHeader } from '../kit/pane-header.tsx'
import { SearchField } from '../kit/search-field.tsx'
import { Spinner } from '../kit/spinner.tsx'
import { useNow } from '../texts/use-now.ts'
import { useTexts } from '../texts/use-texts.ts'
import { ChatRow } from './chat-row.tsx'
import type { ConversationId } from './ids.ts'
import { listStepOf } from './keyboard.ts'
import { stepFrom, type ListFilter } from './list-rows.ts'
import styles from './chat-list.module.css'
import { chatTexts } from './texts.ts'

const ROW_PX = 69

export interface ChatListProps {
  /** Selected and in order; undefined while they are loaded. */
  readonly rows: readonly ConversationRow[] | undefined
  /** Of all, before filter and search. */
  readonly total: number
  readonly open: ConversationId | undefined
  readonly filter: ListFilter
  readonly search: string
  readonly onFilter: (filter: ListFilter) => void
  readonly onSearch: (search: string) => void
  readonly onNew: (what: 'chat' | 'group') => void
}

/** Title, search, chips and the rows. */
export function ChatList(props: ChatListProps) {
  const { rows, total, filter, search, onFilter, onSearch, onNew } = props
  const texts = useTexts(chatTexts)
  const menu = [
    { id: 'chat', label: texts.list.newChat, icon: <MessageSquarePlus />, onSelect: () => onNew('chat') },
    { id: 'group', label: texts.list.newGroup, icon: <UsersRound />, onSelect: () => onNew('group') },
  ]
  return (
    <>
      <PaneHeader
        level={1}
        title={texts.list.title}
        actions={<MenuButton label={texts.list.newMenu} icon={<Plus />} groups={[menu]} />}
      />
      {total > 0 && (
        <>
          <SearchField
            className={styles.search}
            label={texts.list.search}
            clearLabel={texts.list.clearSearch}
            value={search}
            onValue={onSearch}
          />
          <Chips filter={filter} onFilter={onFilter} />
        </>
      )}
      {rows === undefined ? (
        <Spinner centered label={texts.list.loading} />
      ) : rows.length === 0 ? (
        <Nothing {...props} />
      ) : (
        <Rows rows={rows} open={props.open} />
      )}
    </>
  )
}

const filters = ['all', 'unread', 'groups'] as const

function Chips({ filter, onFilter }: Pick<ChatListProps, 'filter' | 'onFilter'>) {
  const texts = useTexts(chatTexts)
  return (
    <div className={styles.chips} role="group" aria-label={texts.list.filters}>
      {filters.map((name) => (
        <button
          key={name}
          type="button"
          className={styles.chip}
          aria-pressed={filter === name}
          onClick={() => onFilter(name)}
        >
          <span className={styles.chipFace}>{texts.list.filter[name]}</span>
        </button>
      ))}
    </div>
  )
}

function Nothing({ total, filter, search, onFilter, onSearch, onNew }: ChatListProps): ReactNode {
  const texts = useTexts(chatTexts)
  if (total === 0) {
    return (
      <EmptyState
        icon={<MessageCirclePlus />}
        title={texts.list.empty}
        actions={
          <>
            <Button variant="primary" onClick={() => onNew('chat')}>
              {texts.list.newChat}
            </Button>
            <Button onClick={() => navigate('/contacts')}>{texts.list.addContact}</Button>
          </>
        }
      >
        {texts.list.emptyHint}
      </EmptyState>
    )
  }
  const showAll = (
    <Button
      onClick={() => {
        onSearch('')
        onFilter('all')
      }}
    >
      {texts.list.showAll}
    </Button>
  )
  if (search.trim() !== '') {
    return <EmptyState icon={<SearchX />} title={texts.list.nothingFound(search.trim())} actions={showAll} />
  }
  return filter === 'unread' ? (
    <EmptyState icon={<CheckCheck />} title={texts.list.emptyUnread} actions={showAll} />
  ) : (
    <EmptyState
      icon={<UsersRound />}
      title={texts.list.emptyGroups}
      actions={
        <Button variant="primary" onClick={() => onNew('group')}>
          {texts.list.newGroup}
        </Button>
      }
    />
  )
}

interface RowsProps {
  readonly rows: readonly ConversationRow[]
  readonly open: ConversationId | undefined
}

/** One stop for the Tab key; arrows move inside, Enter opens. */
function Rows({ rows, open }: RowsProps) {
  const now = useNow()
  const scroller = useRef<HTMLDivElement>(null)
  const virtualizer = useRef<VirtualizerHandle>(null)
  const [focused, setFocused] = useState<ConversationId>()
  const wanted = focused ?? open
  const foundAt = rows.findIndex((row) => row.conversation === wanted)
  const stop = foundAt === -1 ? 0 : foundAt

  function press(event: KeyboardEvent): void {
    const step = listStepOf(event)
    if (step === undefined) return
    event.preventDefault()
    const next = stepFrom(rows, rows[stop]?.conversation, step)
    if (next === undefined) return
    setFocused(next)
    virtualizer.current?.scrollToIndex(
      rows.findIndex((row) => row.conversation === next),
      { align: 'nearest' },
    )
    // The row is kept mounted from the next frame on, wherever it is.
    requestAnimationFrame(() => {
      const row = scroller.current?.querySelector<HTMLElement>(`[data-conversation="${CSS.escape(next)}"]`)
      row?.focus({ preventScroll: true })
    })
  }

  return (
    <div
      ref={scroller}
      className={styles.scroller}
      onKeyDown={press}
      onBlur={(event) => {
        if (!event.currentTarget.contains(event.relatedTarget)) setFocused(undefined)
      }}
    >
      <Virtualizer
        ref={virtualizer}
        as="ul"
        item="li"
        data={rows}
        itemSize={ROW_PX}
        bufferSize={400}
        keepMounted={[stop]}
      >
        {(row, index) => (
          <ChatRow
            key={row.conversation}
            row={row}
            now={now}
            open={row.conversation === open}
            tabStop={index === stop}
          />
        )}
      </Virtualizer>
    </div>
  )
}
