/**
 * Pins: the account key that this device first saw for an account. A different key stops sending to every conversation
 * that the account is in, until the user has accepted it. Nothing else depends on pins: commits are never refused for them.
 */
import { safetyNumber, seatedLeaves, comparePins, type SafetyNumber } from '@brieftaube/encryption'
import { encodeHex, equalBytes, type AccountId, type Bytes } from '@brieftaube/protocol'
import { put, type Change } from '@brieftaube/storage'
import { loadGroup, setGroup, touchConversation } from '../conversation.ts'
import { selfOf, type Core } from '../core.ts'
import { fail } from '../failure.ts'
import { addLine, type Step } from '../log/step.ts'
import type { PinRecord } from '../records.ts'
import { tables } from '../tables.ts'

/** First sight pins; a differing key is noted and gets its line. Returns what is to be written with the step. */
export async function pinSeenKeys(core: Core, step: Step): Promise<Change[]> {
  const { group } = step
  if (group === undefined) return []
  const changes: Change[] = []
  for (const leaf of seatedLeaves(group.roster)) {
    if (core.pins.has(leaf.account)) continue
    changes.push(putPin(core, { account: leaf.account, key: leaf.accountKey, verified: false }))
  }
  const pinned = new Map([...core.pins.values()].map((pin) => [pin.account, pin.key]))
  for (const { account, found } of comparePins(pinned, group.roster)) {
    const pin = core.pins.get(account)
    if (pin === undefined) continue
    const known = pin.changedTo !== undefined && equalBytes(pin.changedTo, found)
    if (!known) changes.push(putPin(core, { ...pin, changedTo: found }))
    const name = `key:${account}:${encodeHex(found).slice(0, 8)}`
    if (step.record.warned.includes(name)) continue
    step.record = { ...step.record, warned: [...step.record.warned, name] }
    addLine(step, { kind: 'key-changed', who: account })
  }
  return Promise.resolve(changes)
}

/** Compares a key that was offered outside a group (a key package, a profile); false: it is not the pinned one. */
export async function acceptsKey(core: Core, account: AccountId, key: Bytes): Promise<boolean> {
  const pin = core.pins.get(account)
  if (pin === undefined) {
    const listed = core.profiles.get(account)?.accountKey
    if (listed !== undefined && !equalBytes(listed, key)) return false
    await core.store.commit([putPin(core, { account, key, verified: false })])
    return true
  }
  if (equalBytes(pin.key, key)) return true
  if (pin.changedTo === undefined || !equalBytes(pin.changedTo, key)) {
    await core.store.commit([putPin(core, { ...pin, changedTo: key })])
    core.hub.touch('contacts')
  }
  return false
}

function putPin(core: Core, pin: PinRecord): Change {
  core.pins.set(pin.account, pin)
  return put(tables.pins, [pin.account], pin)
}

/** The user has read what it means: the new key counts from now on, and is not verified. */
export async function acceptKeyChange(core: Core, account: AccountId): Promise<void> {
  const pin = core.pins.get(account)
  const key = pin?.changedTo ?? keyInGroups(core, account)
  if (pin === undefined || key === undefined) return
  await core.store.commit([putPin(core, { account, key, verified: false })])
  for (const conversation of core.conversations.values()) {
    if (!conversation.record.accounts.includes(account)) continue
    await conversation.lane.run(async () => setGroup(core, conversation, await loadGroup(core, conversation)))
    touchConversation(core, conversation)
    core.follow.send(conversation)
  }
  core.hub.touch('contacts')
}

/** As the groups have it that are loaded. */
function keyInGroups(core: Core, account: AccountId): Bytes | undefined {
  for (const { group } of core.conversations.values()) {
    const leaf = group && seatedLeaves(group.roster).find((each) => each.account === account)
    if (leaf !== undefined) return leaf.accountKey
  }
  return undefined
}

export async function setVerified(core: Core, account: AccountId, verified: boolean): Promise<void> {
  const pin = core.pins.get(account) ?? fail('not-found', 'no key of this account is known')
  if (verified && pin.changedTo !== undefined) fail('key-changed', 'the key has changed')
  await core.store.commit([putPin(core, { ...pin, verified })])
  core.hub.touchAll()
}

/** Over what is pinned, or what the directory says where nothing is pinned yet. */
export function safetyNumberWith(core: Core, account: AccountId): SafetyNumber {
  const self = selfOf(core)
  const key = core.pins.get(account)?.key ?? core.profiles.get(account)?.accountKey
  if (key === undefined) fail('not-found', 'no key of this account is known')
  const own = { account: self.account, accountKey: self.device.accountKey }
  return safetyNumber(own, { account, accountKey: key })
}
