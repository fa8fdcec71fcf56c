/**
 * Hash, HMAC and HKDF of the MLS suites, synchronously by `@noble/hashes`: MLS derives with dozens of tiny calls per step,
 * and each trip to WebCrypto costs more than the hashing. Encryption and signatures stay with WebCrypto.
 */
import { expand, extract } from '@noble/hashes/hkdf.js'
import { hmac } from '@noble/hashes/hmac.js'
import { sha256, sha512 } from '@noble/hashes/sha2.js'
import type { CiphersuiteImpl } from 'ts-mls'

type MlsHashes = Pick<CiphersuiteImpl, 'hash' | 'kdf'>
type HashFunction = typeof sha256 | typeof sha512

export const sha256Hashes: MlsHashes = hashesOf(sha256)
export const sha512Hashes: MlsHashes = hashesOf(sha512)

function hashesOf(hash: HashFunction): MlsHashes {
  return {
    hash: {
      digest: (data) => Promise.resolve(hash(data)),
      mac: (key, data) => Promise.resolve(hmac(hash, key, data)),
      verifyMac: (key, mac, data) => Promise.resolve(equalInConstantTime(hmac(hash, key, data), mac)),
    },
    kdf: {
      extract: (salt, keyMaterial) => Promise.resolve(extract(hash, keyMaterial, salt)),
      expand: (key, info, length) => Promise.resolve(expand(hash, key, info, length)),
      size: hash.outputLen,
    },
  }
}

function equalInConstantTime(a: Uint8Array, b: Uint8Array): boolean {
  if (a.length !== b.length) return false
  let difference = 0
  for (const [index, byte] of a.entries()) difference |= byte ^ (b[index] ?? 0)
  return difference === 0
}
