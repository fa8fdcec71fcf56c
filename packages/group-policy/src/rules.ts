/**
 * Our only GroupContext extension (RFC 9420 section 12.1.7), of a private-use type: who may do what.
 * version u8 · kind u8 · admins: u32 count, 16 each, ascending · barred: u32 count, 16 each, oldest first
 */
import {
  compareBytes,
  idBytes,
  idFromBytes,
  idToBytes,
  limits,
  MalformedError,
  Reader,
  Writer,
  type AccountId,
  type AnyId,
  type Bytes,
  type DeviceId,
} from '@brieftaube/protocol'

export const rulesExtensionType = 0xf0b7
export const maxBarredDevices = 1000
const rulesVersion = 1
const kinds = ['direct', 'group'] as const
export type ConversationKind = (typeof kinds)[number]

export interface GroupRules {
  readonly kind: ConversationKind
  /**
   * Ascending by bytes. In a group: the accounts that may change it, each with a leaf. In a direct conversation: its two
   * parties, for good.
   */
  readonly admins: readonly AccountId[]
  /**
   * Devices removed under a signed revocation. Their certificates stay valid for ever, so the group itself remembers not
   * to let them in again; the oldest are forgotten beyond `maxBarredDevices`.
   */
  readonly barred: readonly DeviceId[]
}

export function encodeRules(rules: GroupRules): Bytes {
  const writer = new Writer(16).u8(rulesVersion).u8(kinds.indexOf(rules.kind)).u32(rules.admins.length)
  for (const admin of rules.admins) writer.raw(idToBytes(admin))
  writer.u32(rules.barred.length)
  for (const device of rules.barred) writer.raw(idToBytes(device))
  return writer.finish()
}

/** Throws `MalformedError`. */
export function decodeRules(bytes: Uint8Array): GroupRules {
  const reader = new Reader(bytes)
  if (reader.u8() !== rulesVersion) throw new MalformedError('unknown version of the group rules')
  const kind = kinds[reader.u8()]
  if (kind === undefined) throw new MalformedError('unknown conversation kind')
  const admins = readIds<AccountId>(reader, limits.maxLeaves)
  const barred = readIds<DeviceId>(reader, maxBarredDevices)
  reader.end()
  if (!isAscending(admins)) throw new MalformedError('admins not ascending')
  if (new Set(barred).size !== barred.length) throw new MalformedError('device barred twice')
  if (kind === 'direct' && admins.length !== 2)
    throw new MalformedError('a direct conversation has two parties')
  return { kind, admins, barred }
}

function readIds<Id extends AnyId>(reader: Reader, max: number): Id[] {
  const count = reader.u32()
  if (count > max || count * idBytes > reader.left) throw new MalformedError('too many ids')
  return Array.from({ length: count }, () => idFromBytes<Id>(reader.raw(idBytes)))
}

function isAscending(ids: readonly AnyId[]): boolean {
  return ids.every((id, index) => {
    const previous = ids[index - 1]
    return previous === undefined || compareIds(previous, id) < 0
  })
}

/** The order of `admins`: by the ids' bytes. */
export function compareIds(a: AnyId, b: AnyId): number {
  return compareBytes(idToBytes(a), idToBytes(b))
}

export function sortIds<Id extends AnyId>(ids: Iterable<Id>): Id[] {
  return [...new Set(ids)].sort(compareIds)
}
