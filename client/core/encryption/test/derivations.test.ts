/** Pinned values: whoever changes one of these breaks every vault, certificate and safety number there is. */
import { describe, expect, it } from 'vitest'
import {
  encodeHex,
  idFromBytes,
  serverDevice,
  type AccountId,
  type ConversationId,
  type DeviceId,
  type Entry,
} from '@brieftaube/protocol'
import { advanceChain, comparePins, entryDigest, firstLink, safetyNumber } from '../src/index.ts'
import { deriveKey, labels, type Label } from '../src/labels.ts'
import { signingKeyOf, signStatement } from '../src/ed25519.ts'
import { flipBit, reasonOf } from './people.ts'

const secret = Uint8Array.from({ length: 32 }, (_, index) => index)

describe('labels', () => {
  it('are all different and say their purpose and version', () => {
    const all: Label[] = Object.values(labels)
    expect(new Set(all).size).toBe(all.length)
    for (const label of all) expect(label).toMatch(/^brieftaube\/[a-z-]+\/v1$/)
  })

  it('derive these keys from the bytes 00 … 1f', () => {
    const derived = Object.fromEntries(
      Object.values(labels).map((label: Label) => [label, encodeHex(deriveKey(secret, label))]),
    )
    expect(derived).toMatchInlineSnapshot(`
      {
        "brieftaube/body/v1": "fa4cba78dbc613ba9d49c5f6acfb836a728f5b2be10fa9625a583cd95b4fec70",
        "brieftaube/card/v1": "53ab3ae3ee598f761b95e32667a2ac716d0a9cb561311a0ac67a2d42ea77c41a",
        "brieftaube/device/v1": "8282e19ff888277ec33bbe475fde460860f92f795a76436f25c5746306b75c1e",
        "brieftaube/ephemeral/v1": "30d76553dea1a7f91ce32d04188b1a7a58e663f62b9d9d2f8ee1dac071c0ef75",
        "brieftaube/epoch-code/v1": "6956cb4893dd2ca28444efbd0925daf2e79b41d7a9f5abf8dd7cce04e447258a",
        "brieftaube/leave/v1": "74d760bbdf90a633092c934705aba0293f4c698b288e4d9c696b8b51afce7858",
        "brieftaube/record/v1": "a5ffd2bb5e8988d96712a10c06f75806c2a1b91c6b8d43c84239cd218cbf85bd",
        "brieftaube/recovery-auth/v1": "0dee78b1800a7cccc87ce1e8343fd1fc6a2d86b02167e06f592158c89d36e143",
        "brieftaube/recovery-check/v1": "7f41e4145e4e6a061a19efbfed7c3e55ffdb2b1fb6b4e81ff762e3dc49cb8595",
        "brieftaube/recovery-wrap/v1": "1107c0d2f69840117f09ef5ecca6e707e7af5291b3ccc92e1efe62cb5e845c3b",
        "brieftaube/revoke/v1": "133b90cbc113427c572d1fed7628a9cd2017ca3ead88faf187ea4f753d619fc1",
        "brieftaube/safety-number/v1": "4ee19240af0c6eabb9560b7767b7721468fb55ae133ff78f04c3e6074b7e4b76",
        "brieftaube/vault-content/v1": "21781819ae388e9457291f0013f5ba2e1d02413b3b297a30a12895fdf8058f62",
        "brieftaube/vault/v1": "e58873abf34d479657f8cceb18d5af020b5d7df329e43894ef51d63319b1ab40",
      }
    `)
  })

  it('HKDF-SHA-256 is that of RFC 5869, appendix A.3', async () => {
    const { expand, extract } = await import('@noble/hashes/hkdf.js')
    const { sha256 } = await import('@noble/hashes/sha2.js')
    const okm = expand(sha256, extract(sha256, new Uint8Array(22).fill(0x0b)), new Uint8Array(0), 42)
    expect(encodeHex(okm)).toBe(
      '8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d9d201395faa4b61a96c8',
    )
  })

  it('Ed25519 is that of RFC 8032, section 7.1, test 2', () => {
    const seed = Uint8Array.from(
      '4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb'.match(/../g) ?? [],
      (pair) => parseInt(pair, 16),
    )
    const key = signingKeyOf(seed)
    expect(encodeHex(key.publicKey)).toBe('3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c')
    expect(encodeHex(signStatement(key.secret, Uint8Array.of(0x72)))).toBe(
      '92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00',
    )
  })
})

describe('the safety number', () => {
  const alice = {
    account: idFromBytes<AccountId>(new Uint8Array(16).fill(1)),
    accountKey: new Uint8Array(32).fill(2),
  }
  const bob = {
    account: idFromBytes<AccountId>(new Uint8Array(16).fill(3)),
    accountKey: new Uint8Array(32).fill(4),
  }

  it('is the same for both, 60 digits long, and pinned', () => {
    const number = safetyNumber(alice, bob)
    expect(safetyNumber(bob, alice)).toEqual(number)
    expect(number.digits).toMatch(/^\d{60}$/)
    expect(number.qr).toHaveLength(61)
    expect(number.digits).toMatchInlineSnapshot(
      `"820759146109795673204870168602992769011700359780729916082372"`,
    )
  })

  it('changes with an account key and with an account', () => {
    const { digits } = safetyNumber(alice, bob)
    expect(safetyNumber(alice, { ...bob, accountKey: flipBit(bob.accountKey, 31) }).digits).not.toBe(digits)
    expect(
      safetyNumber(alice, { ...bob, account: idFromBytes<AccountId>(new Uint8Array(16).fill(5)) }).digits,
    ).not.toBe(digits)
  })
})

describe('the hash chain', () => {
  const conversation = idFromBytes<ConversationId>(new Uint8Array(16).fill(9))
  const device = idFromBytes<DeviceId>(new Uint8Array(16).fill(8))
  const base = {
    conversation,
    generation: 0,
    epoch: 1,
    kind: 'message',
    device,
    counter: 1,
    at: 1000,
  } as const
  const first: Entry = { ...base, seq: 1, mls: Uint8Array.of(1), body: Uint8Array.of(2) }
  const second: Entry = { ...base, seq: 2, counter: 2, mls: Uint8Array.of(3), body: Uint8Array.of(4) }

  function headAfter(...entries: Entry[]): string {
    let link = firstLink
    for (const entry of entries) {
      const advanced = advanceChain(link, entry)
      if (advanced.kind !== 'ok') throw new Error(advanced.reason)
      link = advanced.link
    }
    return encodeHex(link.head)
  }

  it('has its values pinned', () => {
    expect(encodeHex(entryDigest(first))).toMatchInlineSnapshot(
      `"aef8d8e7b5c104a41332145e57e3001a2c6ba8ce941b2e68e7d904813d0ea264"`,
    )
    expect(headAfter(first, second)).toMatchInlineSnapshot(
      `"021f4ead71b1abfcef50c6c7d79ffa5e048d977c96df4bf50c68199e4a4f5cf5"`,
    )
  })

  it('shows a drop, a reorder, and any change of an entry', () => {
    expect(reasonOf(advanceChain(firstLink, second))).toBe('gap')
    const reordered = headAfter({ ...second, seq: 1 }, { ...first, seq: 2 })
    const head = headAfter(first, second)
    expect(reordered).not.toBe(head)
    const changes: Partial<Entry>[] = [
      { at: 1001 },
      { counter: 3 },
      { epoch: 2 },
      { generation: 1 },
      { kind: 'notice' },
      { device: serverDevice },
      { mls: Uint8Array.of(9) },
      { body: Uint8Array.of(9) },
    ]
    for (const change of changes) expect(headAfter({ ...first, ...change }, second)).not.toBe(head)
  })

  it('stays verifiable when a body was deleted', async () => {
    const { sha256 } = await import('@noble/hashes/sha2.js')
    const bodyHash = Uint8Array.from(sha256(first.body))
    expect(headAfter({ ...first, body: new Uint8Array(0), bodyHash }, second)).toBe(headAfter(first, second))
  })
})

describe('pins', () => {
  it('that differ from a group are found, unknown accounts are not judged', () => {
    const [alice, bob] = [
      idFromBytes<AccountId>(new Uint8Array(16).fill(1)),
      idFromBytes<AccountId>(new Uint8Array(16).fill(2)),
    ]
    const leaf = (account: AccountId, key: number) => ({
      account,
      device: idFromBytes<DeviceId>(new Uint8Array(16).fill(key)),
      accountKey: new Uint8Array(32).fill(key),
      deviceKey: new Uint8Array(32).fill(key),
    })
    const roster = { leaves: [leaf(alice, 1), undefined, leaf(bob, 2)] }
    const pins = new Map([[bob, new Uint8Array(32).fill(2)]])
    expect(comparePins(pins, roster)).toEqual([])
    pins.set(bob, new Uint8Array(32).fill(3))
    expect(comparePins(pins, roster)).toMatchObject([{ account: bob }])
  })
})
