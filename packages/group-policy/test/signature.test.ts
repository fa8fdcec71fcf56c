import { describe, expect, it } from 'vitest'
import { ed25519 } from '@noble/curves/ed25519.js'
import { isSoundPublicKey, verifyCertificate, verifySignature } from '../src/index.ts'
import { newAccount, newLeaf } from './people.ts'

const order8 = ed25519.Point.fromHex('26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05')
const seed = new Uint8Array(32).fill(7)
const key = ed25519.getPublicKey(seed)
const message = Uint8Array.of(1, 2, 3)

describe('signatures', () => {
  it('verify under the key that made them, and under nothing else', () => {
    const signature = ed25519.sign(message, seed)
    expect(verifySignature(key, message, signature)).toBe(true)
    expect(verifySignature(key, Uint8Array.of(1, 2), signature)).toBe(false)
    expect(verifySignature(ed25519.getPublicKey(new Uint8Array(32).fill(8)), message, signature)).toBe(false)
    for (let at = 0; at < 64; at++) {
      const changed = Uint8Array.from(signature)
      changed[at] = (changed[at] ?? 0) ^ 1
      expect(verifySignature(key, message, changed)).toBe(false)
    }
    expect(verifySignature(key, message, signature.subarray(1))).toBe(false)
    expect(verifySignature(key.subarray(1), message, signature)).toBe(false)
  })

  it('are refused under keys of small order, of mixed order, and in non-canonical encodings', () => {
    const mixed = ed25519.Point.fromBytes(key).add(order8).toBytes()
    // y = p + 1, a second way to write the neutral element
    const nonCanonical = Uint8Array.from({ length: 32 }, (_, index) =>
      index === 0 ? 0xee : index === 31 ? 0x7f : 0xff,
    )
    expect(isSoundPublicKey(key)).toBe(true)
    for (const bad of [
      order8.toBytes(),
      mixed,
      nonCanonical,
      new Uint8Array(32),
      new Uint8Array(32).fill(0xff),
    ])
      expect(isSoundPublicKey(bad)).toBe(false)
  })

  it('of certificates vouch for one device key', () => {
    const account = newAccount()
    const [phone, desk] = [newLeaf(account), newLeaf(account)]
    expect(verifyCertificate(phone.certificate, phone.deviceKey)).toBe(true)
    expect(verifyCertificate(phone.certificate, desk.deviceKey)).toBe(false)
    expect(verifyCertificate({ ...phone.certificate, device: desk.device }, phone.deviceKey)).toBe(false)
    expect(verifyCertificate({ ...phone.certificate, issuedAt: 2 }, phone.deviceKey)).toBe(false)
  })
})
