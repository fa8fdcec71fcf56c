/** Which conversations the list shows, and in which order. */
import type { ConversationRow } from '@brieftaube/contract'
import { matches } from '../texts/fold.ts'
import type { ConversationId } from './ids.ts'

export type ListFilter = 'all' | 'unread' | 'groups'

export interface ListQuery {
  readonly filter: ListFilter
  readonly search: string
  /** Stays visible under the filter "unread" although it has just been read. */
  readonly open: ConversationId | undefined
}

/** Last activity first; a search goes over all titles, whatever the chip says. */
export function selectRows(rows: readonly ConversationRow[], query: ListQuery): readonly ConversationRow[] {
  const searching = query.search.trim() !== ''
  const selected = rows.filter((row) => (searching ? matches(query.search, row.title) : passes(row, query)))
  return selected.sort((one, other) => other.lastActivityAt - one.lastActivityAt)
}

function passes(row: ConversationRow, query: ListQuery): boolean {
  switch (query.filter) {
    case 'all':
      return true
    case 'unread':
      return row.unread > 0 || row.conversation === query.open
    case 'groups':
      return row.kind === 'group'
  }
}

export type ListStep = 'next' | 'previous' | 'next-unread' | 'previous-unread' | 'first' | 'last'

/** The conversation that a key leads to; undefined when there is none in that direction. */
export function stepFrom(
  rows: readonly ConversationRow[],
  from: ConversationId | undefined,
  step: ListStep,
): ConversationId | undefined {
  const at = rows.findIndex((row) => row.conversation === from)
  const before = at === -1 ? [] : rows.slice(0, at)
  const after = rows.slice(at + 1)
  switch (step) {
    case 'first':
      return rows[0]?.conversation
    case 'last':
      return rows.at(-1)?.conversation
    case 'next':
      return after[0]?.conversation
    case 'previous':
      return before.at(-1)?.conversation
    case 'next-unread':
      return (after.find(isUnread) ?? before.find(isUnread))?.conversation
    case 'previous-unread':
      return (before.findLast(isUnread) ?? after.findLast(isUnread))?.conversation
  }
}

function isUnread(row: ConversationRow): boolean {
  return row.unread > 0
}
