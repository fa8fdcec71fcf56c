/** Random values of every type that a binary format carries. */
import fc from 'fast-check'
import {
  entryKinds,
  errorCodes,
  hashBytes,
  idBytes,
  idFromBytes,
  type AccountId,
  type AnyId,
  type Append,
  type Appended,
  type Bytes,
  type ClaimedKeyPackage,
  type CommitBundle,
  type ConversationId,
  type DeviceCertificate,
  type DeviceId,
  type Entry,
  type FromEphemeral,
  type GroupCreation,
  type JoinPoint,
  type KeyPackageUpload,
  type PendingWelcome,
  type RevocationStatement,
  type ToEphemeral,
} from '../src/index.ts'

export function bytes(minLength: number, maxLength = minLength): fc.Arbitrary<Bytes> {
  return fc.uint8Array({ minLength, maxLength }).map((array) => Uint8Array.from(array))
}

function id<Id extends AnyId>(): fc.Arbitrary<Id> {
  return bytes(idBytes).map((raw) => idFromBytes<Id>(raw))
}

const conversation = id<ConversationId>()
const account = id<AccountId>()
const device = id<DeviceId>()
const u32 = fc.nat({ max: 0xffffffff })
const u64 = fc.maxSafeNat()
const hash = bytes(hashBytes)
const block = bytes(0, 200)

export const append: fc.Arbitrary<Append> = fc.record({
  conversation,
  generation: u32,
  epoch: u64,
  counter: u64,
  mls: block,
  body: block,
})

export const appended: fc.Arbitrary<Appended> = fc.record({
  conversation,
  counter: u64,
  error: fc.option(fc.constantFrom(...errorCodes), { nil: undefined }),
  seq: u64,
  at: u64,
  generation: u32,
  epoch: u64,
  retryAfterMs: u32,
})

const entryFields = {
  conversation,
  generation: u32,
  seq: u64,
  epoch: u64,
  kind: fc.constantFrom(...entryKinds),
  device,
  counter: u64,
  at: u64,
  mls: block,
}
const deletedBody = { body: fc.constant(new Uint8Array(0)), bodyHash: hash }

export const entry: fc.Arbitrary<Entry> = fc.oneof(
  fc.record({ ...entryFields, body: block }),
  fc.record({ ...entryFields, ...deletedBody }),
)

export const commitBundle: fc.Arbitrary<CommitBundle> = fc.record({
  generation: u32,
  epoch: u64,
  counter: u64,
  commit: block,
  welcome: block,
  groupInfo: block,
})

export const groupCreation: fc.Arbitrary<GroupCreation> = fc.record({
  conversation,
  groupInfo: block,
  firstCommit: fc.option(commitBundle, { nil: undefined }),
})

export const joinPoint: fc.Arbitrary<JoinPoint> = fc.record({
  generation: u32,
  epoch: u64,
  seq: u64,
  head: hash,
  groupInfo: block,
  notices: fc.array(block, { maxLength: 3 }),
})

export const pendingWelcome: fc.Arbitrary<PendingWelcome> = fc.record({
  conversation,
  generation: u32,
  epoch: u64,
  seq: u64,
  head: hash,
  welcome: block,
  notices: fc.array(block, { maxLength: 3 }),
})

export const keyPackageUpload: fc.Arbitrary<KeyPackageUpload> = fc.record({
  suite: fc.nat({ max: 0xffff }),
  lastResort: block,
  oneTime: fc.array(block, { maxLength: 4 }),
})

export const claimedKeyPackage: fc.Arbitrary<ClaimedKeyPackage> = fc.record({
  account,
  device,
  keyPackage: block,
})

const ephemeralFields = { conversation, generation: u32, epoch: u64, sealed: block }
export const toEphemeral: fc.Arbitrary<ToEphemeral> = fc.record(ephemeralFields)
export const fromEphemeral: fc.Arbitrary<FromEphemeral> = fc.record({ device, ...ephemeralFields })

export const certificate: fc.Arbitrary<DeviceCertificate> = fc.record({
  account,
  device,
  accountKey: bytes(32),
  issuedAt: u64,
  signature: bytes(64),
})

export const revocationStatement: fc.Arbitrary<RevocationStatement> = fc.record({
  account,
  device,
  issuedAt: u64,
  signature: bytes(64),
})
