import { describe, expect, test } from 'vitest'
import {
  certificateBytes,
  encodeAppend,
  encodeEntry,
  encodePacket,
  idFromBytes,
  limits,
  rates,
  serverDevice,
  toServer,
  type ConversationId,
} from '../src/index.ts'

const conversation = idFromBytes<ConversationId>(new Uint8Array(16))
const mls = new Uint8Array(limits.mlsMessageMaxBytes)
const body = new Uint8Array(limits.bodyMaxBytes)

test('every limit is a positive whole number', () => {
  for (const [name, value] of Object.entries(limits))
    expect(Number.isSafeInteger(value) && value > 0, name).toBe(true)
})

test('every rate allows something at once and refills', () => {
  for (const [name, rate] of Object.entries(rates)) {
    expect(rate.burst, name).toBeGreaterThan(0)
    expect(rate.refillMs, name).toBeGreaterThan(0)
  }
})

test('what guards accounts and key packages refuses while it cannot count', () => {
  const closed = Object.entries(rates).filter(([, rate]) => rate.whenUncounted === 'refuse')
  expect(closed.map(([name]) => name)).toEqual([
    'login',
    'loginPerNetwork',
    'registrationPerNetwork',
    'keyPackageClaim',
    'lookup',
    'contactRequest',
  ])
})

describe('what may be appended also fits', () => {
  test('one frame of the socket', () => {
    const append = encodeAppend({ conversation, generation: 0, epoch: 0, counter: 0, mls, body })
    const frame = encodePacket({ type: 2, nsp: '/', data: [toServer.append, append] })
    expect(frame.length).toBeLessThanOrEqual(limits.socketFrameMaxBytes)
  })

  test('the entry that the others get, far below the byte budget of a session', () => {
    const at = { generation: 0, seq: 1, epoch: 0, counter: 0, at: 0 }
    const entry = encodeEntry({ ...at, conversation, kind: 'message', device: serverDevice, mls, body })
    expect(entry.length).toBeLessThan(limits.outboundSoftBytes)
  })
})

test('sizes stand in an order in which each fits the next', () => {
  expect(certificateBytes).toBeLessThanOrEqual(limits.certificateMaxBytes)
  expect(limits.bodyBucketBytes).toBeLessThan(limits.bodyMaxBytes)
  expect(limits.bodyMaxBytes).toBeLessThan(limits.batchMaxBytes)
  expect(limits.outboundSoftBytes).toBeLessThan(limits.outboundHardBytes)
  expect(limits.keyPackageMaxBytes * limits.keyPackagesPerSuite).toBeLessThanOrEqual(
    limits.keyPackageUploadMaxBytes,
  )
  expect(limits.pageEntries).toBeLessThanOrEqual(limits.catchUpPageEntries)
  expect(limits.postQuantumMaxLeaves).toBeLessThan(limits.maxLeaves)
})

test('a full body is a bucket: 256 bytes doubled some times', () => {
  expect(Math.log2(limits.bodyMaxBytes / limits.bodyBucketBytes) % 1).toBe(0)
})

test('a half-open connection is found within 35 s, and a typing line outlives the pause between two hints', () => {
  expect(limits.pingIntervalMs + limits.pingTimeoutMs).toBeLessThanOrEqual(35_000)
  expect(limits.typingExpiresMs).toBeGreaterThan(limits.typingEveryMs)
})

test('a revocation reaches sockets within 5 s, and a ticket dies long before its session', () => {
  expect(limits.revocationPollMs).toBeLessThanOrEqual(2_500)
  expect(limits.socketTicketMs).toBeLessThan(limits.accessTokenMs)
  expect(limits.accessTokenMs).toBeLessThanOrEqual(10 * 60_000)
})
