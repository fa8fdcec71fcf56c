import { MessageCircle } from 'lucide-react'
import { lazy, Suspense, useEffect, useState } from 'react'
import { AreaPanes } from '../app/area-panes.tsx'
import { goBack, navigate } from '../app/router.ts'
import { useView } from '../core/use-view.ts'
import { EmptyState } from '../kit/empty-state.tsx'
import { Spinner } from '../kit/spinner.tsx'
import { useTexts } from '../texts/use-texts.ts'
import { ChatList } from './chat-list.tsx'
import { ConversationPane } from './conversation-pane.tsx'
import type { ConversationId } from './ids.ts'
import { chatStepOf } from './keyboard.ts'
import { selectRows, stepFrom, type ListFilter } from './list-rows.ts'
import { chatTexts } from './texts.ts'
import { useLatest } from './use-latest.ts'

const DetailsPane = lazy(async () => ({ default: (await import('./details-pane.tsx')).DetailsPane }))
const NewChatDialog = lazy(async () => ({ default: (await import('./new-chat-dialog.tsx')).NewChatDialog }))
const NewGroupDialog = lazy(async () => ({
  default: (await import('./new-group-dialog.tsx')).NewGroupDialog,
}))

export interface ChatsAreaProps {
  readonly conversation: ConversationId | undefined
  readonly details: boolean
}

/** List, conversation and details of the chats. */
export function ChatsArea({ conversation, details }: ChatsAreaProps) {
  const texts = useTexts(chatTexts)
  const rows = useView('conversations')
  const [filter, setFilter] = useState<ListFilter>('all')
  const [search, setSearch] = useState('')
  const [dialog, setDialog] = useState<'chat' | 'group'>()
  const shown = rows === undefined ? undefined : selectRows(rows, { filter, search, open: conversation })

  const press = useLatest((event: KeyboardEvent) => {
    if (event.defaultPrevented || document.querySelector('dialog[open]') !== null) return
    if (event.key === 'Escape' && details && conversation !== undefined) {
      event.preventDefault()
      goBack({ kind: 'chats', conversation, details: false })
      return
    }
    const direction = chatStepOf(event)
    if (direction === undefined) return
    event.preventDefault()
    const next = stepFrom(shown ?? [], conversation, direction)
    if (next !== undefined) openChat(next, conversation !== undefined)
  })
  useEffect(() => {
    document.addEventListener('keydown', press)
    return () => document.removeEventListener('keydown', press)
  }, [press])

  const open = rows?.find((row) => row.conversation === conversation)
  return (
    <>
      <AreaPanes
        labels={{ list: texts.list.region, main: texts.chat.region, detail: texts.details.region }}
        front={conversation === undefined ? 'list' : details ? 'detail' : 'main'}
        list={
          <ChatList
            rows={shown}
            total={rows?.length ?? 0}
            open={conversation}
            filter={filter}
            search={search}
            onFilter={setFilter}
            onSearch={setSearch}
            onNew={setDialog}
          />
        }
        main={
          conversation === undefined ? (
            <EmptyState icon={<MessageCircle />} title={texts.chat.none}>
              {texts.chat.noneHint}
            </EmptyState>
          ) : (
            <ConversationPane
              key={conversation}
              conversation={conversation}
              row={open}
              known={rows === undefined || open !== undefined}
              details={details}
              onNewChat={() => setDialog('chat')}
            />
          )
        }
        detail={
          conversation !== undefined && details ? (
            <Suspense fallback={<Spinner centered label={texts.chat.loading} />}>
              <DetailsPane key={conversation} conversation={conversation} />
            </Suspense>
          ) : undefined
        }
      />
      <Suspense>
        {dialog === 'chat' && (
          <NewChatDialog onClose={() => setDialog(undefined)} onGroup={() => setDialog('group')} />
        )}
        {dialog === 'group' && <NewGroupDialog onClose={() => setDialog(undefined)} />}
      </Suspense>
    </>
  )
}

/** From chat to chat the former one is no step to go back to. */
function openChat(conversation: ConversationId, replace: boolean): void {
  navigate({ kind: 'chats', conversation, details: false }, { replace })
}
