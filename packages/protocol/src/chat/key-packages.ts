import { z } from 'zod'
import { MalformedError, Reader, Writer, type Bytes } from '../bytes.ts'
import { accountIdSchema, idBytes, idFromBytes, idToBytes, type AccountId, type DeviceId } from '../ids.ts'
import { limits } from '../limits.ts'
import { defineRoute } from '../route.ts'

/** The two suites by their IANA or private number (RFC 9420 section 17.1; the X-Wing suite as `ts-mls` numbers it). */
export const suites = { x25519: 1, xwing: 83 } as const
export type SuiteNumber = (typeof suites)[keyof typeof suites]

/** suite u16 · last-resort block (empty: keep the stored one) · count u16 · key package blocks (RFC 9420 section 10) */
export interface KeyPackageUpload {
  readonly suite: number
  readonly lastResort: Bytes
  readonly oneTime: readonly Bytes[]
}

export function encodeKeyPackageUpload(upload: KeyPackageUpload): Bytes {
  const writer = new Writer(4096).u16(upload.suite).block(upload.lastResort).u16(upload.oneTime.length)
  for (const each of upload.oneTime) writer.block(each)
  return writer.finish()
}

/** Throws `MalformedError`. */
export function decodeKeyPackageUpload(bytes: Uint8Array): KeyPackageUpload {
  const reader = new Reader(bytes)
  const suite = reader.u16()
  const lastResort = reader.block(limits.keyPackageMaxBytes)
  const count = reader.u16()
  if (count > limits.keyPackagesPerSuite * 2) throw new MalformedError('too many key packages')
  const oneTime = Array.from({ length: count }, () => reader.block(limits.keyPackageMaxBytes))
  reader.end()
  return { suite, lastResort, oneTime }
}

export interface ClaimedKeyPackage {
  readonly account: AccountId
  readonly device: DeviceId
  readonly keyPackage: Bytes
}

/** u32 count, then account 16 · device 16 · key package block */
export function encodeClaimedKeyPackages(claimed: readonly ClaimedKeyPackage[]): Bytes {
  const writer = new Writer(4096).u32(claimed.length)
  for (const each of claimed)
    writer.raw(idToBytes(each.account)).raw(idToBytes(each.device)).block(each.keyPackage)
  return writer.finish()
}

/** Throws `MalformedError`. */
export function decodeClaimedKeyPackages(bytes: Uint8Array): ClaimedKeyPackage[] {
  const reader = new Reader(bytes)
  const count = reader.u32()
  if (count > limits.maxLeaves) throw new MalformedError('too many key packages')
  const claimed: ClaimedKeyPackage[] = []
  for (let index = 0; index < count; index++) {
    claimed.push({
      account: idFromBytes<AccountId>(reader.raw(idBytes)),
      device: idFromBytes<DeviceId>(reader.raw(idBytes)),
      keyPackage: reader.block(limits.keyPackageMaxBytes),
    })
  }
  reader.end()
  return claimed
}

export const keyPackageUpload = defineRoute({
  name: 'keyPackageUpload',
  method: 'PUT',
  path: '/api/chat/key-packages',
  access: 'session',
  summary: 'Add key packages of this device; `encodeKeyPackageUpload`.',
  requestForm: 'bytes',
  maxRequestBytes: limits.keyPackageUploadMaxBytes,
  reply: z.strictObject({ left: z.int().min(0) }),
})

/** One key package of every device of each account, except this device. Only the own account and accepted contacts. */
export const keyPackageClaim = defineRoute({
  name: 'keyPackageClaim',
  method: 'POST',
  path: '/api/chat/key-packages/claim',
  access: 'session',
  rate: 'keyPackageClaim',
  summary: 'Claim key packages; `encodeClaimedKeyPackages`. Limited per claimer and target.',
  request: z.strictObject({ accounts: z.array(accountIdSchema).min(1).max(100), suite: z.int() }),
  replyForm: 'bytes',
})
