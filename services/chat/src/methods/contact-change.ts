import {
  limits,
  ProtocolError,
  toDevice,
  type AccountId,
  type chatRoutes,
  type Contact,
  type ContactState,
} from '@brieftaube/protocol'
import type { Handler } from '@brieftaube/service-kit'
import { changeContact, type Pair } from '../contacts/change-contact.ts'
import {
  countContacts,
  findContact,
  lockPair,
  putContact,
  raiseContactsVersion,
  removeContact,
} from '../contacts/contact-store.ts'
import { inTransaction, type Connection } from '../database.ts'
import type { ChatDeps } from '../deps.ts'
import { devicesOfAccount } from '../revocations/revocation-store.ts'
import { eventPacket } from '../socket/frame.ts'

export const contactChange: Handler<typeof chatRoutes.contactChange, ChatDeps> = async (
  { body, caller, params },
  deps,
) => {
  const own = caller.account
  const other = params.account
  if (own === other) throw new ProtocolError('malformed', 'Nobody is a contact of theirs.')
  const outcome = await inTransaction(deps.pool, async (db) => {
    await lockPair(db, own, other)
    const mine = await findContact(db, own, other)
    const theirs = await findContact(db, other, own)
    // an account is known here once one of its devices can be written to
    if (mine === undefined && theirs === undefined && (await devicesOfAccount(db, other)).length === 0)
      throw unknownAccount()
    const before: Pair = { mine: mine?.state, theirs: theirs?.state }
    const after = changeContact(body.action, before)
    if (after === undefined)
      throw new ProtocolError('conflict', 'This does not fit how the two stand to each other.')
    await checkQuotas(db, { own, other }, before, after)
    const contact = await move(db, own, { other, before: mine, state: after.mine })
    await move(db, other, { other: own, before: theirs, state: after.theirs })
    const versions = new Map<AccountId, number>()
    if (after.mine !== before.mine) versions.set(own, await raiseContactsVersion(db, own))
    if (after.theirs !== before.theirs) versions.set(other, await raiseContactsVersion(db, other))
    return { contact, versions }
  })
  for (const [account, version] of outcome.versions) {
    deps.fanOut.deliver({
      kind: 'event',
      accounts: [account],
      packet: eventPacket(toDevice.contacts, { version }),
    })
  }
  if (outcome.versions.size > 0) deps.presence.changedBetween(own, other)
  return outcome.contact === undefined ? {} : { contact: outcome.contact }
}

function unknownAccount(): ProtocolError {
  return new ProtocolError('not-found', 'There is no such account.')
}

async function move(
  db: Connection,
  account: AccountId,
  {
    other,
    before,
    state,
  }: { other: AccountId; before: Contact | undefined; state: ContactState | undefined },
): Promise<Contact | undefined> {
  if (state === before?.state) return before
  if (state === undefined) {
    await removeContact(db, account, other)
    return undefined
  }
  const contact = { account: other, state, since: Date.now() }
  await putContact(db, account, contact)
  return contact
}

/** Neither side's list grows without end, and nobody is flooded with requests. */
async function checkQuotas(
  db: Connection,
  { own, other }: { own: AccountId; other: AccountId },
  before: Pair,
  after: Pair,
): Promise<void> {
  const full = new ProtocolError('quota-exceeded', 'Too many contacts or open requests.')
  if (before.mine === undefined && after.mine !== undefined) {
    if ((await countContacts(db, own)) >= limits.contactsPerAccount) throw full
  }
  if (after.mine === 'outgoing' && before.mine !== 'outgoing') {
    if ((await countContacts(db, own, 'outgoing')) >= limits.pendingRequestsPerAccount) throw full
  }
  if (after.theirs === 'incoming' && before.theirs !== 'incoming') {
    if ((await countContacts(db, other, 'incoming')) >= limits.pendingRequestsPerAccount) throw full
  }
}
