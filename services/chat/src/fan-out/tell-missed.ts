/**
 * What the accounts connected here may have missed: whatever stands in the database otherwise than it was told them last.
 * Telling a thing twice costs a few bytes; clients compare it with what they have.
 */
import { toDevice, type AccountId, type ConversationId, type DeviceId } from '@brieftaube/protocol'
import type { ChatDeps } from '../deps.ts'
import { eventPacket } from '../socket/frame.ts'
import type { HeadHint } from '../socket/session.ts'
import { deliverLocally } from './deliver-locally.ts'
import {
  cardsOfAccounts,
  contactVersions,
  endsOfMemberships,
  headsOfAccounts,
  receiptsOfAccounts,
  waitingWelcomes,
} from './head-store.ts'

/** What an account was told last. */
export interface Told {
  readonly heads: ReadonlyMap<ConversationId, number>
  readonly contacts: number
  readonly welcomes: ReadonlyMap<DeviceId, number>
}

export type ToldByAccount = Map<AccountId, Told>

/** An event stays far below what a slow device may have waiting. */
const HEADS_PER_EVENT = 500

/** Tells these accounts what differs from `before` and gives back what they know now. */
export async function tellMissed(
  deps: ChatDeps,
  accounts: readonly AccountId[],
  before: ReadonlyMap<AccountId, Told>,
): Promise<ToldByAccount> {
  const devices = accounts.flatMap((account) =>
    [...deps.sessions.ofAccount(account)].map((session) => session.device),
  )
  const heads = await headsByAccount(deps, accounts)
  const versions = await contactVersions(deps.pool, accounts)
  const welcomes = await waitingWelcomes(deps.pool, devices)
  const now: ToldByAccount = new Map()
  for (const account of accounts) {
    const known = before.get(account)
    const current = heads.get(account) ?? []
    tellHeads(
      deps,
      account,
      current.filter((head) => known?.heads.get(head.conversation) !== head.seq),
    )
    await tellEnds(deps, account, { known, current })
    const contacts = versions.get(account) ?? 0
    if (contacts !== (known?.contacts ?? 0))
      tell(deps, account, eventPacket(toDevice.contacts, { version: contacts }))
    now.set(account, {
      heads: new Map(current.map((head) => [head.conversation, head.seq])),
      contacts,
      welcomes: tellWelcomes(deps, account, { known, welcomes }),
    })
  }
  return now
}

/** What rose or changed since then and is nowhere counted: only after deliveries may have been lost. */
export async function tellChangedSince(
  deps: ChatDeps,
  accounts: readonly AccountId[],
  since: number,
): Promise<void> {
  for (const [account, receipts] of await receiptsOfAccounts(deps.pool, accounts, since)) {
    const packet = eventPacket(toDevice.receipts, { receipts })
    deliverLocally(deps.sessions, { kind: 'hint', accounts: [account], packet })
  }
  for (const { account, conversation, version } of await cardsOfAccounts(deps.pool, accounts, since))
    tell(deps, account, eventPacket(toDevice.card, { conversation, version }))
}

async function headsByAccount(
  deps: ChatDeps,
  accounts: readonly AccountId[],
): Promise<Map<AccountId, HeadHint[]>> {
  const byAccount = new Map<AccountId, HeadHint[]>()
  for (const { account, head } of await headsOfAccounts(deps.pool, accounts)) {
    const heads = byAccount.get(account)
    if (heads === undefined) byAccount.set(account, [head])
    else heads.push(head)
  }
  return byAccount
}

function tellHeads(deps: ChatDeps, account: AccountId, heads: readonly HeadHint[]): void {
  for (let from = 0; from < heads.length; from += HEADS_PER_EVENT) {
    const some = heads.slice(from, from + HEADS_PER_EVENT)
    tell(deps, account, eventPacket(toDevice.heads, { heads: some }))
  }
}

/** Whoever was removed is told how far its part of the log goes: the removal is the last entry of it. */
async function tellEnds(
  deps: ChatDeps,
  account: AccountId,
  { known, current }: { known: Told | undefined; current: readonly HeadHint[] },
): Promise<void> {
  if (known === undefined) return
  const open = new Set(current.map((head) => head.conversation))
  const ended = [...known.heads.keys()].filter((conversation) => !open.has(conversation))
  if (ended.length > 0) tellHeads(deps, account, await endsOfMemberships(deps.pool, account, ended))
}

function tellWelcomes(
  deps: ChatDeps,
  account: AccountId,
  { known, welcomes }: { known: Told | undefined; welcomes: ReadonlyMap<DeviceId, number> },
): Map<DeviceId, number> {
  const now = new Map<DeviceId, number>()
  for (const { device } of deps.sessions.ofAccount(account)) {
    const at = welcomes.get(device)
    if (at === undefined || now.has(device)) continue
    now.set(device, at)
    if (known?.welcomes.get(device) !== at) tell(deps, account, eventPacket(toDevice.welcome, {}), device)
  }
  return now
}

/** It will not be said again, so a slow device gets it too. */
function tell(deps: ChatDeps, account: AccountId, packet: Uint8Array, device?: DeviceId): void {
  deliverLocally(deps.sessions, { kind: 'event', accounts: [account], device, packet })
}
