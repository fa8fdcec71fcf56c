/** Alice, signed in, with everything that the shell, contacts and settings show. */
import type { ConversationRow, SessionView, Settings } from '@brieftaube/contract'
import { stageAccount, stageContacts, stageConversation, stageDevice, stagePeople } from './people.ts'
import { stageFailure, type StageCore } from './stage-core.ts'

const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS

export function signIn(core: StageCore, language: 'de' | 'en', settings: Settings): void {
  const people = stagePeople(language)
  const now = Date.now()
  const session: SessionView = {
    kind: 'signed-in',
    account: people.alice.account,
    device: stageDevice('alice-1'),
    userName: 'alice',
    role: 'admin',
  }
  core.put('session', {}, session)
  core.put('connection', {}, { kind: 'online', waiting: 0, catchingUp: false })
  core.put('settings', {}, settings)
  core.put('profile', {}, { ...people.alice, accountKeyShort: '3F8A 91C2' })
  core.put('contacts', {}, stageContacts(language))
  core.put('conversations', {}, stageRows(language, now))
  core.put('devices', {}, [
    {
      device: stageDevice('alice-1'),
      name: 'Firefox, Linux',
      createdAt: now - 40 * DAY_MS,
      lastSeenAt: now,
      current: true,
    },
    {
      device: stageDevice('alice-2'),
      name: 'Chrome, Android',
      createdAt: now - 22 * DAY_MS,
      lastSeenAt: now - 3 * HOUR_MS,
      current: false,
    },
    {
      device: stageDevice('alice-3'),
      name: language === 'de' ? 'Rechner im Büro' : 'Office computer',
      createdAt: now - 300 * DAY_MS,
      lastSeenAt: now - 18 * DAY_MS,
      current: false,
    },
  ])
  answerContacts(core, language)
  core.on('changeSettings', (change) => {
    core.put('settings', {}, { ...(core.peek('settings', {}) ?? settings), ...change })
    return undefined
  })
}

/** Only what the navigation and the quick switcher need; the chats put their own. */
function stageRows(language: 'de' | 'en', now: number): readonly ConversationRow[] {
  const people = stagePeople(language)
  return [people.carla, people.bob, people.david].map((who, index) => ({
    conversation: stageConversation(who.userName),
    kind: 'direct',
    title: who.displayName,
    picture: undefined,
    peer: who.account,
    unread: index === 0 ? 2 : 0,
    draft: '',
    lastActivityAt: now - index * HOUR_MS,
    preview: undefined,
    typing: [],
    verified: index === 1,
    online: index === 0,
    active: true,
  }))
}

function answerContacts(core: StageCore, language: 'de' | 'en'): void {
  const people = stagePeople(language)
  core.on('findAccount', ({ userName }) => {
    if (userName === 'zu-oft') throw stageFailure('rate-limited', 42_000)
    return {
      person: Object.values(people).find((person) => person.userName === userName) ?? unknown(userName),
    }
  })
  core.on('safetyNumber', () => ({ digits: '482915703364820971356618204937560183925574016632870941257386' }))
  core.on('openDirect', ({ account }) => {
    const contact = core.peek('contacts', {})?.find((each) => each.account === account)
    return { conversation: contact?.conversation ?? stageConversation(contact?.userName ?? 'new') }
  })
  core.on('setVerified', ({ account, verified }) => {
    const contacts = core.peek('contacts', {}) ?? []
    core.put(
      'contacts',
      {},
      contacts.map((each) => (each.account === account ? { ...each, verified } : each)),
    )
    return undefined
  })
  core.on('changeContact', ({ account, action }) => {
    const contacts = core.peek('contacts', {}) ?? []
    const state = { accept: 'accepted', unblock: 'accepted', block: 'blocked', request: 'outgoing' } as const
    core.put(
      'contacts',
      {},
      action === 'decline' || action === 'remove'
        ? contacts.filter((each) => each.account !== account)
        : contacts.map((each) => (each.account === account ? { ...each, state: state[action] } : each)),
    )
    return undefined
  })
}

function unknown(userName: string) {
  if (userName !== 'nora') return undefined
  return {
    account: stageAccount('nora'),
    userName,
    displayName: 'Nora Petersen',
    statusText: 'Chorprobe mittwochs',
    picture: undefined,
  }
}
