/** Alice, bob and carla with their vaults and devices. */
import {
  createDevice,
  createKeyPackage,
  createVault,
  randomBytes,
  randomId,
  type Device,
  type Suite,
  type Vault,
} from '../src/index.ts'
import { firstHead, type AccountId, type Bytes, type DeviceId, type Entry } from '@brieftaube/protocol'
import type { GroupState } from '../src/group-state.ts'
import type { SealedMessage } from '../src/message.ts'

export const now = Date.now()
export const suitesUnderTest: readonly Suite[] = ['x25519-128', 'xwing-256']

export interface Person {
  readonly vault: Vault
  readonly device: Device
}

async function newVault(): Promise<Vault> {
  return (await createVault(randomId<AccountId>(), randomBytes(64))).vault
}

export async function newPerson(): Promise<Person> {
  const vault = await newVault()
  return { vault, device: newDevice(vault) }
}

export function newDevice(vault: Vault): Device {
  return createDevice(vault, randomId<DeviceId>(), now)
}

export function keyPackageOf(device: Device, suite: Suite, kind: 'one-time' | 'last-resort' = 'one-time') {
  return createKeyPackage(device, { suite, kind, nowMs: now })
}

/** The success of an outcome, or a thrown explanation. */
export function ok<T extends { readonly kind: string }>(outcome: T): Extract<T, { kind: 'ok' }> {
  if (outcome.kind !== 'ok') throw new Error(`expected ok, got ${JSON.stringify(outcome)}`)
  return outcome as Extract<T, { kind: 'ok' }>
}

export function reasonOf(outcome: { readonly kind: string }): string {
  return 'reason' in outcome ? String(outcome.reason) : outcome.kind
}

export function detailOf(outcome: { readonly kind: string }): string {
  return 'detail' in outcome ? String(outcome.detail) : outcome.kind
}

export const nothingSeen = { generation: 0, seq: 0, head: firstHead }

/** The log's row of a sealed message. */
export function entryOf(
  state: GroupState,
  device: Device,
  counter: number,
  sealed: Pick<SealedMessage, 'mls' | 'body'>,
): Entry {
  const { conversation, generation, epoch } = state
  const where = { conversation, generation, epoch, seq: 1, at: now }
  return { ...where, kind: 'message', device: device.device, counter, mls: sealed.mls, body: sealed.body }
}

export function flipBit(bytes: Bytes, at: number): Bytes {
  const flipped = Uint8Array.from(bytes)
  flipped[at] = (flipped[at] ?? 0) ^ 1
  return flipped
}
