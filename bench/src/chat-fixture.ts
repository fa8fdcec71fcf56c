/**
 * Conversations without clients: rosters, heads and memberships written straight into the database, messages with the
 * right frame and random ciphertext. The chat service cannot tell the difference; it never opens anything.
 */
import { randomBytes } from 'node:crypto'
import { encodeGroupId, encodeRoster, type Roster, type RosterLeaf } from '@brieftaube/group-policy'
import {
  concatBytes,
  idFromBytes,
  idToBytes,
  type AccountId,
  type ConversationId,
  type DeviceId,
} from '@brieftaube/protocol'
import type { Pool } from '@brieftaube/service-kit'

export interface Member {
  readonly account: AccountId
  readonly device: DeviceId
}

export function newMember(): Member {
  return { account: idFromBytes<AccountId>(randomBytes(16)), device: idFromBytes<DeviceId>(randomBytes(16)) }
}

const hex = (id: AccountId | DeviceId | ConversationId): string => Buffer.from(idToBytes(id)).toString('hex')

/** At epoch 1 with an empty log. `owner`: a pool of the schema's owner. */
export async function plantConversations(
  owner: Pool,
  groups: readonly (readonly Member[])[],
): Promise<ConversationId[]> {
  const ids = groups.map(() => idFromBytes<ConversationId>(randomBytes(16)))
  const rosters = groups.map((members) => Buffer.from(encodeRoster(rosterOf(members))))
  await owner.query(
    `insert into conversation (id, kind, suite, roster, group_info, created_at)
    select i.id, 1, 1, i.roster, '', 0 from unnest($1::uuid[], $2::bytea[]) as i(id, roster)`,
    [ids.map(hex), rosters],
  )
  await owner.query(
    `insert into head (conversation, generation, epoch, seq, chain) select id, 0, 1, 0, decode(repeat('00', 32), 'hex') from unnest($1::uuid[]) as id`,
    [ids.map(hex)],
  )
  const seats = groups.flatMap((members, index) =>
    members.map((member) => ({ ...member, conversation: ids[index] })),
  )
  const columns = [
    seats.map((seat) => hex(seat.account)),
    seats.map((seat) => hex(seat.device)),
    seats.map((seat) => (seat.conversation === undefined ? '' : hex(seat.conversation))),
  ]
  await owner.query(
    'insert into membership (account, conversation, from_seq) select a, c, 1 from unnest($1::uuid[], $2::uuid[], $3::uuid[]) as i(a, d, c)',
    columns,
  )
  await owner.query(
    'insert into leaf (device, conversation, account) select d, c, a from unnest($1::uuid[], $2::uuid[], $3::uuid[]) as i(a, d, c)',
    columns,
  )
  return ids
}

function rosterOf(members: readonly Member[]): Roster {
  const leaves = members.map((member): RosterLeaf => ({
    ...member,
    accountKey: randomBytes(32),
    deviceKey: randomBytes(32),
  }))
  return { kind: 'group', suite: 'x25519-128', leaves, admins: [], barred: [], pending: [] }
}

/** PrivateMessage (RFC 9420 section 6.3) with the given ciphertext. */
export function privateMessage(
  conversation: ConversationId,
  epoch: number,
  ciphertext: Uint8Array,
): Uint8Array<ArrayBuffer> {
  const groupId = encodeGroupId({ conversation, generation: 0 })
  const frame = Buffer.alloc(8)
  frame.writeUInt32BE(epoch, 4)
  return concatBytes(
    Uint8Array.of(0, 1, 0, 2),
    vector(groupId),
    frame,
    Uint8Array.of(1, 0),
    vector(new Uint8Array(28)),
    vector(ciphertext),
  )
}

function vector(bytes: Uint8Array): Uint8Array {
  const size =
    bytes.length < 64
      ? Uint8Array.of(bytes.length)
      : Uint8Array.of(0x40 | (bytes.length >> 8), bytes.length & 255)
  return concatBytes(size, bytes)
}
