import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  concatBytes,
  decodePacket,
  encodeHex,
  encodePacket,
  encodeText,
  MalformedError,
} from '../src/index.ts'
import { bytes } from './values.ts'

const NO_ID = [0xff, 0xff, 0xff, 0xff]
const packetOf = (type: number, form: number, rest: Uint8Array) =>
  concatBytes(Uint8Array.of(type, ...NO_ID, form), rest)

const name = fc.string({ unit: fc.constantFrom(...'abcdefgh-'), minLength: 1, maxLength: 20 })
const id = fc.option(fc.nat({ max: 0xfffffffe }), { nil: undefined })

test('bytes travel behind the event’s name as they are', () => {
  fc.assert(
    fc.property(name, bytes(0, 300), (event, payload) => {
      const decoded = decodePacket(encodePacket({ type: 2, nsp: '/', data: [event, payload] }))
      expect(decoded).toEqual({ type: 2, nsp: '/', data: [event, payload] })
    }),
  )
})

test('JSON events, acks, connects and their ids come back as they were', () => {
  const value = fc.jsonValue({ noUnicodeString: false })
  fc.assert(
    fc.property(name, value, id, (event, data, packetId) => {
      const packet = {
        type: 2,
        nsp: '/',
        data: [event, data],
        ...(packetId === undefined ? {} : { id: packetId }),
      }
      const json = JSON.parse(JSON.stringify(packet)) as unknown
      expect(decodePacket(encodePacket(packet))).toEqual(json)
    }),
  )
  expect(decodePacket(encodePacket({ type: 3, nsp: '/', id: 7, data: [{ until: 1 }] }))).toEqual({
    type: 3,
    nsp: '/',
    id: 7,
    data: [{ until: 1 }],
  })
  expect(decodePacket(encodePacket({ type: 0, nsp: '/', data: { ticket: 't' } })).data).toEqual({
    ticket: 't',
  })
  expect(decodePacket(encodePacket({ type: 1, nsp: '/' }))).toEqual({ type: 1, nsp: '/' })
})

test('an ack may carry bytes alone', () => {
  const packet = { type: 3, nsp: '/', id: 1, data: [Uint8Array.of(1, 2, 3)] }
  expect(decodePacket(encodePacket(packet))).toEqual(packet)
})

test('the namespace is always the first one', () => {
  expect(decodePacket(encodePacket({ type: 1, nsp: '/other' })).nsp).toBe('/')
})

test('a name that does not fit its length byte is refused by the sender', () => {
  expect(() => encodePacket({ type: 2, nsp: '/', data: ['n'.repeat(256), new Uint8Array(1)] })).toThrow(
    RangeError,
  )
})

describe('what is not a packet is malformed', () => {
  test.each<[string, Uint8Array]>([
    ['nothing', new Uint8Array(0)],
    ['half a header', new Uint8Array(5)],
    ['an unknown type', packetOf(5, 0, encodeText('["a"]'))],
    ['an unknown form', packetOf(2, 2, encodeText('["a"]'))],
    ['an event without data', packetOf(2, 0, new Uint8Array(0))],
    ['an event that is an object', packetOf(2, 0, encodeText('{"0":"a"}'))],
    ['an event without a name', packetOf(2, 0, encodeText('[]'))],
    ['an event whose name is a number', packetOf(2, 0, encodeText('[1]'))],
    ['an event of bytes without a name', packetOf(2, 1, Uint8Array.of(0, 1))],
    ['an ack that is no array', packetOf(3, 0, encodeText('1'))],
    ['broken JSON', packetOf(0, 0, encodeText('{'))],
    ['JSON that is not UTF-8', packetOf(0, 0, Uint8Array.of(0x22, 0xff, 0x22))],
    ['a name longer than the packet', packetOf(2, 1, Uint8Array.of(9, 97))],
    ['bytes without a name length', packetOf(2, 1, new Uint8Array(0))],
  ])('%s', (_title, message) => {
    expect(() => decodePacket(message)).toThrow(MalformedError)
  })

  test('random and mutated bytes are malformed or packets that write themselves again', () => {
    const valid = fc
      .tuple(name, bytes(0, 40), fc.nat(), fc.nat({ max: 255 }))
      .map(([event, payload, at, byte]) => {
        const message = encodePacket({ type: 2, nsp: '/', data: [event, payload] })
        message[at % message.length] = byte
        return message
      })
    const headed = fc
      .tuple(fc.nat({ max: 5 }), fc.nat({ max: 2 }), bytes(0, 40))
      .map(([type, form, rest]) => packetOf(type, form, rest))
    fc.assert(
      fc.property(fc.oneof(bytes(0, 60), valid, headed), (message) => {
        let packet
        try {
          packet = decodePacket(message)
        } catch (thrown) {
          expect(thrown).toBeInstanceOf(MalformedError)
          return
        }
        const again = encodePacket(packet)
        expect(encodeHex(encodePacket(decodePacket(again)))).toBe(encodeHex(again))
        if (message[5] === 1) expect(encodeHex(again)).toBe(encodeHex(message))
      }),
      { numRuns: 3000 },
    )
  })

  test('JSON that is nested as deeply as a frame allows overflows no stack', () => {
    const deep = encodeText(`["a",${'['.repeat(60_000)}${']'.repeat(60_000)}]`)
    expect(decodePacket(packetOf(2, 0, deep)).type).toBe(2)
  })
})
