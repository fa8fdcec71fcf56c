import type { ConversationRow } from '@brieftaube/contract'
import { useEffect } from 'react'
import { useTexts } from '../texts/use-texts.ts'
import { areaOf, type Route } from './routes.ts'
import { appTexts } from './texts.ts'

/** Unread messages over all conversations. */
export function unreadOf(rows: readonly ConversationRow[] | undefined): number {
  return rows?.reduce((sum, row) => sum + row.unread, 0) ?? 0
}

/** "(3) Chats · Brieftaube": the tab says what waits. No name of a person, which would stand in the browser's history. */
export function usePageTitle(route: Route, unread: number): void {
  const texts = useTexts(appTexts)
  const names = {
    chats: texts.chatsHeading,
    contacts: texts.contactsHeading,
    settings: texts.settingsHeading,
  }
  const title = `${unread > 0 ? `(${unread}) ` : ''}${names[areaOf(route)]} · Brieftaube`
  useEffect(() => {
    document.title = title
  }, [title])
}
