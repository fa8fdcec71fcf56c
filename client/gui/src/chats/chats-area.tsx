import type { ConversationId } from '@brieftaube/contract'
import { AreaPanes } from '../app/area-panes.tsx'
import { PaneHeader } from '../kit/pane-header.tsx'

export interface ChatsAreaProps {
  readonly conversation: ConversationId | undefined
  readonly details: boolean
}

/** The list of chats, the open one and its details. */
export function ChatsArea({ conversation }: ChatsAreaProps) {
  return (
    <AreaPanes
      list={<PaneHeader level={1} title="Chats" />}
      main={undefined}
      front={conversation === undefined ? 'list' : 'main'}
      labels={{ list: 'Chats', main: 'Chat' }}
    />
  )
}
