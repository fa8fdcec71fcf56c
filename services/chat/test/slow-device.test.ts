import { Duplex } from 'node:stream'
import { createSessions } from '../src/socket/sessions.ts'
import { Session, type Connection } from '../src/socket/session.ts'
import {
  decodePacket,
  limits,
  type AccountId,
  type ConversationId,
  type DeviceId,
  type TicketClaims,
} from '@brieftaube/protocol'
import { randomId } from '@brieftaube/encryption'
import { expect, test } from 'vitest'

/** A connection whose other end reads only when it is told to. */
function slowConnection() {
  const written: Buffer[] = []
  let release: (() => void) | undefined
  const stream = new Duplex({
    read: () => undefined,
    write: (chunk: Buffer, _encoding, done) => {
      written.push(chunk)
      release = done
    },
    writev: (chunks: { chunk: Buffer }[], done) => {
      written.push(...chunks.map((each) => each.chunk))
      release = done
    },
  })
  let closed = false
  const close = () => {
    closed = true
  }
  const read = async () => {
    while (release !== undefined) {
      const next = release
      release = undefined
      next()
      await new Promise((resolve) => setImmediate(resolve))
    }
  }
  return {
    connection: { stream, close, pause: () => undefined, resume: () => undefined },
    written,
    read,
    isClosed: () => closed,
  }
}

function newSession(connection: Connection): Session {
  return new Session({ sub: randomId<AccountId>(), device: randomId<DeviceId>() } as TicketClaims, connection)
}

const frame = Buffer.alloc(10_000)
const tick = () => new Promise((resolve) => setImmediate(resolve))

test('a slow device gets no more entries beyond its budget, and their heads once it has read', async () => {
  const slow = slowConnection()
  const session = newSession(slow.connection)
  const [one, two] = [randomId<ConversationId>(), randomId<ConversationId>()]
  for (let seq = 1; seq <= 100; seq++) {
    session.sendEntry(frame, { conversation: one, generation: 0, seq })
    session.sendEntry(frame, { conversation: two, generation: 1, seq: seq * 2 })
    await tick()
  }
  expect(session.bufferedBytes).toBeGreaterThan(limits.outboundSoftBytes)
  expect(session.bufferedBytes).toBeLessThan(limits.outboundSoftBytes + 2 * frame.length)
  await slow.read()
  await tick()
  await slow.read()
  const last = slow.written.at(-1) ?? Buffer.alloc(0)
  const headerBytes = last[1] === 126 ? 4 : 2
  const [name, { heads }] = decodePacket(last.subarray(headerBytes)).data as [string, { heads: unknown[] }]
  expect(name).toBe('heads')
  expect(heads).toHaveLength(2)
  expect(heads).toContainEqual({ conversation: one, generation: 0, seq: 100 })
  expect(heads).toContainEqual({ conversation: two, generation: 1, seq: 200 })
  session.sendEntry(frame, { conversation: one, generation: 0, seq: 101 })
  await tick()
  await slow.read()
  expect(slow.written.at(-1)).toBe(frame)
  expect(slow.isClosed()).toBe(false)
})

test('a device that reads nothing at all is cut at the hard limit', async () => {
  const slow = slowConnection()
  const session = newSession(slow.connection)
  for (let n = 0; n < 200 && !slow.isClosed(); n++) {
    session.send(frame)
    await tick()
  }
  expect(slow.isClosed()).toBe(true)
  expect(slow.connection.stream.destroyed).toBe(true)
  expect(session.bufferedBytes).toBeLessThanOrEqual(limits.outboundHardBytes)
})

test('hints are dropped for a slow device', async () => {
  const slow = slowConnection()
  const session = newSession(slow.connection)
  for (let n = 0; n < 300; n++) {
    session.sendHint(frame)
    await tick()
  }
  expect(session.bufferedBytes).toBeLessThan(limits.outboundSoftBytes + 2 * frame.length)
})

test('sessions are found by account and device and forgotten with the last one', () => {
  const sessions = createSessions()
  const session = newSession(slowConnection().connection)
  expect(sessions.add(session)).toBe(true)
  expect([...sessions.ofAccount(session.account)]).toEqual([session])
  expect(sessions.ofDevice(session.account, session.device)).toEqual([session])
  expect(sessions.size).toBe(1)
  expect(sessions.remove(session)).toBe(true)
  expect(sessions.remove(session)).toBe(false)
  expect([...sessions.accounts()]).toEqual([])
})
