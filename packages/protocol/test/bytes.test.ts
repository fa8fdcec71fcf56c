import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  compareBytes,
  concatBytes,
  decodeBase64Url,
  decodeText,
  encodeBase64Url,
  encodeHex,
  encodeText,
  equalBytes,
  MalformedError,
  Reader,
  Writer,
} from '../src/index.ts'
import { bytes } from './values.ts'

describe('base64url', () => {
  test('agrees with Node for every byte string', () => {
    fc.assert(
      fc.property(bytes(0, 100), (input) => {
        const text = encodeBase64Url(input)
        expect(text).toBe(Buffer.from(input).toString('base64url'))
        expect(decodeBase64Url(text)).toEqual(input)
      }),
    )
  })

  test('accepts no text but the one that its bytes are written as', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...'AQgwZz09-_=+/ \né'), maxLength: 12 }), (text) => {
        try {
          expect(encodeBase64Url(decodeBase64Url(text))).toBe(text)
        } catch (thrown) {
          expect(thrown).toBeInstanceOf(MalformedError)
        }
      }),
      { numRuns: 2000 },
    )
  })

  test.each(['A', 'AB', 'AAB', 'AA==', 'A A', 'AA+A', 'AA/A', 'AAAAA', '😀'])('refuses %j', (text) => {
    expect(() => decodeBase64Url(text)).toThrow(MalformedError)
  })
})

describe('text', () => {
  test('comes back from UTF-8 as it was', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        expect(decodeText(encodeText(text))).toBe(text)
      }),
    )
  })

  test('keeps a byte order mark, so that no two byte strings read alike', () => {
    expect(decodeText(Uint8Array.of(0xef, 0xbb, 0xbf, 0x61))).toBe('\ufeffa')
  })

  test.each([[[0xff]], [[0xc0, 0x80]], [[0xed, 0xa0, 0x80]], [[0xe2, 0x82]]])(
    'refuses the bytes %j',
    (raw) => {
      expect(() => decodeText(Uint8Array.from(raw))).toThrow(MalformedError)
    },
  )
})

describe('comparison', () => {
  test('orders and equates as Buffer does', () => {
    fc.assert(
      fc.property(bytes(0, 6), bytes(0, 6), (a, b) => {
        expect(Math.sign(compareBytes(a, b))).toBe(Buffer.compare(a, b))
        expect(equalBytes(a, b)).toBe(Buffer.compare(a, b) === 0)
      }),
    )
  })
})

describe('the writer', () => {
  test('writes every field big-endian', () => {
    const written = new Writer(1)
      .u8(1)
      .u16(0x0203)
      .u32(0x04050607)
      .u64(0x08090a0b0c0d)
      .block(Uint8Array.of(14))
    expect(encodeHex(written.finish())).toBe('01020304050607000008090a0b0c0d000000010e')
  })

  test('hands out a copy, which later writing does not change', () => {
    const writer = new Writer(8).u8(1)
    const first = writer.finish()
    writer.u8(2)
    expect(first).toEqual(Uint8Array.of(1))
    expect(writer.finish()).toEqual(Uint8Array.of(1, 2))
  })

  test.each([
    ['u8', -1],
    ['u8', 256],
    ['u16', 65536],
    ['u32', 2 ** 32],
    ['u32', -1],
    ['u32', 0.5],
    ['u32', Number.NaN],
    ['u64', -1],
    ['u64', 2 ** 53],
    ['u64', 1.5],
  ] as const)('refuses to write as %s what does not fit: %d', (field, value) => {
    expect(() => new Writer()[field](value)).toThrow(RangeError)
  })
})

describe('the reader', () => {
  test('reads what the writer wrote, from any place in a buffer', () => {
    fc.assert(
      fc.property(
        fc.nat({ max: 255 }),
        fc.maxSafeNat(),
        fc.string(),
        bytes(0, 9),
        (small, large, text, before) => {
          const written = new Writer().u8(small).u64(large).text(text).finish()
          const inside = concatBytes(before, written).subarray(before.length)
          const reader = new Reader(inside)
          expect([reader.u8(), reader.u64(), reader.text(1000)]).toEqual([small, large, text])
          reader.end()
        },
      ),
    )
  })

  test.each([
    ['u8', 0],
    ['u16', 1],
    ['u32', 3],
    ['u64', 7],
  ] as const)('refuses a %s of which only %d bytes are left', (field, left) => {
    expect(() => new Reader(new Uint8Array(left))[field]()).toThrow(MalformedError)
  })

  test('refuses integers above 2^53, blocks above their limit and bytes left over', () => {
    expect(() => new Reader(Uint8Array.of(0, 0x20, 0, 0, 0, 0, 0, 0)).u64()).toThrow(MalformedError)
    expect(() => new Reader(Uint8Array.of(0, 0, 0, 2, 1, 1)).block(1)).toThrow(MalformedError)
    expect(() => new Reader(Uint8Array.of(0)).end()).toThrow(MalformedError)
  })

  test('returns copies, so that a later change of the message changes nothing', () => {
    const message = Uint8Array.of(0, 0, 0, 1, 7)
    const block = new Reader(message).block(1)
    message[4] = 8
    expect(block).toEqual(Uint8Array.of(7))
  })
})
