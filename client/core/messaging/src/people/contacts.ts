/** Contacts: asked, asking, accepted, blocked. The server keeps the list; this device keeps a copy. */
import { authRoutes, chatRoutes, ProtocolError, userNameSchema, type AccountId } from '@brieftaube/protocol'
import type { Commands, PersonView } from '@brieftaube/contract'
import { put, remove, type Change } from '@brieftaube/storage'
import { selfOf, type Core } from '../core.ts'
import { tables } from '../tables.ts'
import { personOf } from '../views/people.ts'
import { watchPresence } from './presence.ts'
import { keepProfiles, learnProfiles, refreshProfiles } from './profiles.ts'

/** An exact name only. */
export async function findAccount(core: Core, userName: string): Promise<PersonView | undefined> {
  const name = userNameSchema.safeParse(userName.trim().replace(/^@/, '').toLowerCase())
  if (!name.success) return undefined
  try {
    const profile = await core.api.call(authRoutes.accountLookup, { body: { userName: name.data } })
    await keepProfiles(core, [profile])
    return personOf(core, profile.account)
  } catch (thrown) {
    if (thrown instanceof ProtocolError && thrown.code === 'not-found') return undefined
    throw thrown
  }
}

export async function changeContact(
  core: Core,
  { account, action }: Commands['changeContact']['input'],
): Promise<void> {
  await tellServer(core, account, action)
  await refreshContacts(core)
}

const ASK_AGAIN = 6
const ASK_AGAIN_MS = 500

/** An account that was made a moment ago can be asked as soon as its first key packages are there. */
async function tellServer(
  core: Core,
  account: AccountId,
  action: Commands['changeContact']['input']['action'],
): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    try {
      await core.api.call(chatRoutes.contactChange, { params: { account }, body: { action } })
      return
    } catch (thrown) {
      const tooEarly = thrown instanceof ProtocolError && thrown.code === 'not-found' && action === 'request'
      if (!tooEarly || !core.profiles.has(account) || attempt === ASK_AGAIN) throw thrown
      await new Promise((resolve) => setTimeout(resolve, ASK_AGAIN_MS))
    }
  }
}

export async function refreshContacts(core: Core): Promise<void> {
  const { contacts } = await core.api.call(chatRoutes.contactList)
  const changes: Change[] = []
  const listed = new Set<AccountId>(contacts.map(({ account }) => account))
  for (const account of core.contacts.keys()) {
    if (listed.has(account)) continue
    core.contacts.delete(account)
    changes.push(remove(tables.contacts, [account]))
  }
  for (const contact of contacts) {
    const known = core.contacts.get(contact.account)
    if (known?.state === contact.state && known.since === contact.since) continue
    core.contacts.set(contact.account, contact)
    changes.push(put(tables.contacts, [contact.account], contact))
  }
  learnProfiles(core, [...listed])
  if (changes.length === 0) return
  await core.store.commit(changes)
  core.hub.touch('contacts')
  core.hub.touch('conversations')
  watchPresence(core)
  for (const conversation of core.conversations.values()) {
    core.hub.touch('conversation', conversation.record.conversation)
    core.follow.send(conversation)
  }
}

/** Everything that may have changed while this device was away. */
export async function refreshPeople(core: Core): Promise<void> {
  await refreshContacts(core)
  const known = new Set([selfOf(core).account, ...core.contacts.keys(), ...core.profiles.keys()])
  await refreshProfiles(core, [...known])
}
