/**
 * The golden bytes in `fixtures/`, field by field, made without the code under test. A test that fails here means that the
 * wire has changed: clients and servers in use do not understand each other any more.
 */
import { createHash, createPublicKey, verify } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import {
  certificateSignedBytes,
  decodeEntry,
  decodePacket,
  encodeHex,
  encodePacket,
  entryDigestInput,
  errorCodes,
  firstHead,
  headInput,
  idFromBytes,
  idToBytes,
  MalformedError,
  parseCertificate,
  parseId,
  parseRevocationStatement,
  revocationSignedBytes,
  type AccountId,
  type SocketPacket,
} from '../src/index.ts'
import { formats, type Format } from './formats.ts'

const folder = new URL('../fixtures/', import.meta.url)

interface Case {
  readonly title: string
  readonly value: unknown
  readonly bytes: readonly { readonly field: string; readonly hex: string }[]
}

function readFixture<Extra>(name: string): Extra {
  return JSON.parse(readFileSync(new URL(`${name}.json`, folder), 'utf8')) as Extra
}

const fromHex = (hex: string) => Uint8Array.from(Buffer.from(hex, 'hex'))
const bytesOf = (each: Case) => fromHex(each.bytes.map(({ hex }) => hex).join(''))

/** Byte strings stand in JSON as {hex}. */
function revive(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(revive)
  if (typeof value !== 'object' || value === null) return value
  if ('hex' in value && typeof value.hex === 'string') return fromHex(value.hex)
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, revive(each)]))
}

const packetFormat: Pick<Format, 'name' | 'encode' | 'decode'> = {
  name: 'packet',
  encode: (value) => encodePacket(value as SocketPacket),
  decode: decodePacket,
}
const withBytes = [...formats, packetFormat]

test('every binary format has golden bytes, and every file of golden bytes is read here', () => {
  const files = readdirSync(folder).map((file) => file.replace('.json', ''))
  expect(files.sort()).toEqual([...withBytes.map(({ name }) => name), 'chain', 'error-codes', 'id'].sort())
})

describe.each(withBytes)('the golden bytes of $name', (format) => {
  const { cases } = readFixture<{ cases: Case[] }>(format.name)

  test.each(cases)('$title: are written', (each) => {
    expect(encodeHex(format.encode(revive(each.value)))).toBe(encodeHex(bytesOf(each)))
  })

  test.each(cases)('$title: are read', (each) => {
    expect(format.decode(bytesOf(each))).toEqual(revive(each.value))
  })
})

describe('ids', () => {
  const { ids, refused } = readFixture<{ ids: { hex: string; text: string }[]; refused: string[] }>('id')

  test.each(ids)('$hex is written $text', ({ hex, text }) => {
    expect(idFromBytes(fromHex(hex))).toBe(text)
    expect(encodeHex(idToBytes(parseId(text)))).toBe(hex)
  })

  test.each(refused)('%j is no id', (text) => {
    expect(() => parseId<AccountId>(text)).toThrow(MalformedError)
  })
})

test('the numbers of the error codes never change: new codes come at the end', () => {
  const { codes } = readFixture<{ codes: string[] }>('error-codes')
  expect(errorCodes).toEqual(codes)
})

test('the hash chain folds over the golden entries, a deleted body by its hash', () => {
  const chain = readFixture<{
    firstHead: string
    withBody: string
    links: { entry: string; digestInput: string; digest: string; head: string }[]
  }>('chain')
  expect(encodeHex(firstHead)).toBe(chain.firstHead)
  const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest()
  let head: Uint8Array = firstHead
  for (const link of chain.links) {
    const entry = decodeEntry(fromHex(link.entry))
    const input = entryDigestInput(entry, sha256(entry.mls), entry.bodyHash ?? sha256(entry.body))
    expect(encodeHex(input)).toBe(link.digestInput)
    expect(encodeHex(sha256(input))).toBe(link.digest)
    head = sha256(headInput(head, entry.seq, sha256(input)))
    expect(encodeHex(head)).toBe(link.head)
  }
  const whole = decodeEntry(fromHex(chain.withBody))
  const input = entryDigestInput(whole, sha256(whole.mls), sha256(whole.body))
  expect(encodeHex(input)).toBe(chain.links[0]?.digestInput)
})

function signedBy(publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array): boolean {
  const key = createPublicKey({
    key: Buffer.concat([Buffer.from('302a300506032b6570032100', 'hex'), publicKey]),
    format: 'der',
    type: 'spki',
  })
  return verify(null, message, key, signature)
}

interface Signed {
  readonly signed: string
  readonly deviceKey: string
  readonly accountKey: string
}

test('a golden certificate is signed over its label, its fields and the device key', () => {
  for (const each of readFixture<{ cases: (Case & Signed)[] }>('device-certificate').cases) {
    const certificate = parseCertificate(bytesOf(each))
    const message = certificateSignedBytes(certificate, fromHex(each.deviceKey))
    expect(encodeHex(message)).toBe(each.signed)
    expect(signedBy(certificate.accountKey, message, certificate.signature)).toBe(true)
  }
})

test('a golden revocation is signed over its label and its fields', () => {
  for (const each of readFixture<{ cases: (Case & Signed)[] }>('revocation-statement').cases) {
    const statement = parseRevocationStatement(bytesOf(each))
    const message = revocationSignedBytes(statement)
    expect(encodeHex(message)).toBe(each.signed)
    expect(signedBy(fromHex(each.accountKey), message, statement.signature)).toBe(true)
  }
})
