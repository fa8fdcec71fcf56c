/** The people of the chats, under the same ids as everywhere on the stage. */
import type { AccountId, ContactView, ConversationId, MemberView } from '@brieftaube/contract'
import { stageAccount, stageConversation } from './people.ts'

export const accountOf: (name: string) => AccountId = stageAccount
export const conversationOf: (name: string) => ConversationId = stageConversation

export interface DemoPerson {
  readonly id: string
  readonly name: string
  readonly status: { readonly de: string; readonly en: string }
  readonly online?: boolean
  readonly verified?: boolean
  readonly devices?: number
}

const nothing = { de: '', en: '' }

export const demoPeople: readonly DemoPerson[] = [
  {
    id: 'alice',
    name: 'Alice Brandt',
    status: { de: 'Meistens im Garten', en: 'Mostly in the garden' },
    online: true,
    devices: 2,
  },
  {
    id: 'carla',
    name: 'Carla Weiß',
    status: { de: 'Bis Freitag in Wien', en: 'In Vienna until Friday' },
    online: true,
    devices: 2,
  },
  { id: 'bob', name: 'Bob Martens', status: nothing, online: true, verified: true, devices: 1 },
  {
    id: 'david',
    name: 'David Kern',
    status: { de: 'Bitte nur schreiben, nicht anrufen', en: 'Please write, do not call' },
    devices: 3,
  },
  { id: 'frieda', name: 'Frieda Lang', status: nothing, verified: true, devices: 1 },
  {
    id: 'eva',
    name: 'Eva Yıldız',
    status: { de: 'Praxis am Markt', en: 'Surgery on the market square' },
    online: true,
    devices: 2,
  },
  { id: 'oma', name: 'Oma Gisela', status: nothing, devices: 1 },
  { id: 'jonas', name: 'Jonas Petersen', status: nothing, devices: 2 },
  { id: 'mei', name: 'Mei Tanaka', status: { de: 'Tokio – Hamburg', en: 'Tokyo – Hamburg' }, devices: 1 },
  { id: 'samir', name: 'سمير حداد', status: nothing, devices: 1 },
  { id: 'lukas', name: 'Lukas Brandt', status: nothing, online: true, devices: 1 },
  { id: 'theresa', name: 'Maria-Theresia von Hohenstein-Lichtenberg', status: nothing, devices: 1 },
]

export function demoPerson(id: string): DemoPerson {
  const person = demoPeople.find((candidate) => candidate.id === id)
  if (person === undefined) throw new Error(`nobody is called ${id}`)
  return person
}

export function demoMember(id: string, language: 'de' | 'en', admins: readonly string[] = []): MemberView {
  const person = demoPerson(id)
  return {
    account: accountOf(id),
    userName: id,
    displayName: person.name,
    statusText: person.status[language],
    picture: undefined,
    admin: admins.includes(id),
    own: id === 'alice',
    verified: person.verified ?? false,
    keyChanged: id === 'jonas',
    online: person.online ?? false,
    devices: person.devices ?? 1,
  }
}

/** Accepted contacts of alice. */
export function demoContacts(language: 'de' | 'en'): ContactView[] {
  return demoPeople
    .filter((person) => person.id !== 'alice')
    .map((person) => {
      const { account, userName, displayName, statusText, picture, verified, keyChanged, online } =
        demoMember(person.id, language)
      return {
        account,
        userName,
        displayName,
        statusText,
        picture,
        verified,
        keyChanged,
        online,
        state: 'accepted',
        conversation: conversationOf(person.id),
      }
    })
}
