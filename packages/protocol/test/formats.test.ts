import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { concatBytes, encodeHex, MalformedError } from '../src/index.ts'
import { formats, type Format } from './formats.ts'
import { bytes } from './values.ts'

/** Every value that this input can give, or undefined when it is refused; anything thrown but `MalformedError` fails. */
function decodeOrRefuse(format: Format, input: Uint8Array): unknown {
  try {
    return { value: format.decode(input) }
  } catch (thrown) {
    if (thrown instanceof MalformedError) return undefined
    throw thrown
  }
}

/** Whatever is accepted must be the one encoding of its value, so that a hash over the bytes names the value. */
function expectCanonical(format: Format, input: Uint8Array): void {
  const decoded = decodeOrRefuse(format, input) as { value: unknown } | undefined
  if (decoded === undefined) return
  expect(encodeHex(format.encode(decoded.value))).toBe(encodeHex(input))
}

/** A valid encoding with a few bytes changed, cut off, doubled or inserted. */
function mutated(format: Format): fc.Arbitrary<Uint8Array> {
  const change = fc.record({
    at: fc.nat(),
    kind: fc.constantFrom('set', 'cut', 'insert', 'repeat'),
    byte: fc.nat({ max: 255 }),
  })
  return fc
    .tuple(format.values.map(format.encode), fc.array(change, { minLength: 1, maxLength: 4 }))
    .map(([valid, changes]) => changes.reduce(applyChange, valid))
}

function applyChange(
  input: Uint8Array,
  { at, kind, byte }: { at: number; kind: string; byte: number },
): Uint8Array {
  const place = input.length === 0 ? 0 : at % input.length
  const [before, after] = [input.subarray(0, place), input.subarray(place)]
  if (kind === 'cut') return before
  if (kind === 'insert') return concatBytes(before, Uint8Array.of(byte), after)
  if (kind === 'repeat') return concatBytes(input, after)
  return concatBytes(before, Uint8Array.of(byte), after.subarray(1))
}

describe.each(formats)('the format $name', (format) => {
  test('gives back what was put in', () => {
    fc.assert(
      fc.property(format.values, (value) => {
        expect(format.decode(format.encode(value))).toEqual(value)
      }),
    )
  })

  test('refuses every cut and every byte too many', () => {
    fc.assert(
      fc.property(format.values, fc.nat(), (value, cut) => {
        const whole = format.encode(value)
        if (whole.length === 0) return
        expectCanonical(format, whole.subarray(0, cut % whole.length))
        const longer = concatBytes(whole, Uint8Array.of(0))
        expect(decodeOrRefuse(format, longer)).toBeUndefined()
      }),
    )
  })

  test('takes mutated bytes for malformed or for the one encoding of another value', () => {
    fc.assert(
      fc.property(mutated(format), (input) => expectCanonical(format, input)),
      { numRuns: 400 },
    )
  })

  test('takes random bytes for malformed or for the one encoding of a value', () => {
    fc.assert(
      fc.property(bytes(0, 300), (input) => expectCanonical(format, input)),
      { numRuns: 400 },
    )
  })

  test('does not allocate by a length that the bytes only claim', () => {
    const claims = Uint8Array.from({ length: 600 }, () => 0xff)
    const began = performance.now()
    expect(decodeOrRefuse(format, claims)).toBeUndefined()
    expect(performance.now() - began).toBeLessThan(100)
  })
})
