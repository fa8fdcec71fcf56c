import { randomBytes } from 'node:crypto'
import {
  decodePacket,
  encodeEntry,
  encodePacket,
  toDevice,
  type ConversationId,
  type DeviceId,
} from '@brieftaube/protocol'
import { randomId } from '@brieftaube/encryption'
import { expect, test } from 'vitest'
import { ackFrame, eventFrame, frameOf, framedEvent } from '../src/socket/frame.ts'

/** RFC 6455 section 5.2. */
function unframe(frame: Buffer): Buffer {
  expect(frame[0]).toBe(0x82)
  const short = frame[1] ?? 0
  if (short < 126) return frame.subarray(2)
  return short === 126 ? frame.subarray(4) : frame.subarray(10)
}

test.each([0, 1, 107, 108, 125, 126, 127, 65_535, 65_536, 200_000])(
  'an event with %i bytes is framed by one header of the right form',
  (size) => {
    const payload = new Uint8Array(randomBytes(size))
    const { frame, packet } = framedEvent(toDevice.entry, payload)
    const plain = encodePacket({ type: 2, nsp: '/', data: [toDevice.entry, payload] })
    expect(Buffer.from(packet).equals(plain)).toBe(true)
    expect(frame.equals(frameOf(plain))).toBe(true)
    expect(unframe(frame).equals(plain)).toBe(true)
    const declared =
      (frame[1] ?? 0) < 126
        ? frame[1]
        : frame[1] === 126
          ? frame.readUInt16BE(2)
          : Number(frame.readBigUInt64BE(2))
    expect(declared).toBe(plain.length)
    expect(decodePacket(unframe(frame)).data).toEqual([
      toDevice.entry,
      expect.objectContaining({ length: size }),
    ])
  },
)

test('JSON events and acknowledgements are framed alike', () => {
  expect(decodePacket(unframe(eventFrame('contacts', { version: 3 })))).toMatchObject({
    type: 2,
    data: ['contacts', { version: 3 }],
  })
  expect(decodePacket(unframe(ackFrame(7, { until: 1 })))).toMatchObject({
    type: 3,
    id: 7,
    data: [{ until: 1 }],
  })
})

test('an entry is encoded without a byte to spare', () => {
  const ids = { conversation: randomId<ConversationId>(), device: randomId<DeviceId>() }
  const entry = {
    ...ids,
    generation: 0,
    seq: 1,
    epoch: 1,
    kind: 'message',
    counter: 1,
    at: 1,
    mls: new Uint8Array(5),
    body: new Uint8Array(9),
  } as const
  const bytes = encodeEntry(entry)
  expect(bytes.buffer.byteLength).toBe(bytes.length)
  const deleted = encodeEntry({ ...entry, bodyHash: new Uint8Array(32) })
  expect(deleted.buffer.byteLength).toBe(deleted.length)
})
