/**
 * The library's cipher suites, with our hashes (`mls-hash.ts`) and signatures: WebCrypto's Ed25519 behind a cache of imported keys (a group state keeps
 * its key objects, so that a message costs no import), and `@noble/curves` where an engine lacks it.
 */
import { ed25519 } from '@noble/curves/ed25519.js'
import {
  getCiphersuiteFromName,
  getCiphersuiteImpl,
  type CiphersuiteImpl,
  type CiphersuiteName,
} from 'ts-mls'
import type { Suite } from '@brieftaube/group-policy'
import { concatBytes, type Bytes } from '@brieftaube/protocol'
import { sha256Hashes, sha512Hashes } from './mls-hash.ts'

const names: Readonly<Record<Suite, CiphersuiteName>> = {
  'xwing-256': 'MLS_256_XWING_AES256GCM_SHA512_Ed25519',
  'x25519-128': 'MLS_128_DHKEMX25519_AES128GCM_SHA256_Ed25519',
}

const loaded = new Map<Suite, Promise<CiphersuiteImpl>>()

export function mlsSuite(suite: Suite): Promise<CiphersuiteImpl> {
  const known = loaded.get(suite)
  if (known !== undefined) return known
  const loading = loadSuite(suite)
  loaded.set(suite, loading)
  return loading
}

async function loadSuite(suite: Suite): Promise<CiphersuiteImpl> {
  const implementation = await getCiphersuiteImpl(getCiphersuiteFromName(names[suite]))
  const signature = (await hasEd25519()) ? webCryptoEd25519 : nobleEd25519
  return { ...implementation, ...(suite === 'xwing-256' ? sha512Hashes : sha256Hashes), signature }
}

export function suiteOfName(name: CiphersuiteName): Suite | undefined {
  if (name === names['xwing-256']) return 'xwing-256'
  return name === names['x25519-128'] ? 'x25519-128' : undefined
}

async function hasEd25519(): Promise<boolean> {
  try {
    await crypto.subtle.importKey('raw', Uint8Array.from(ed25519.Point.BASE.toBytes()), 'Ed25519', false, [
      'verify',
    ])
    return true
  } catch {
    return false
  }
}

type MlsSignature = CiphersuiteImpl['signature']

/** Keys are the raw 32-byte seed and public key in both. */
const nobleEd25519: MlsSignature = {
  sign: (signKey, message) => Promise.resolve(ed25519.sign(message, signKey)),
  verify: (publicKey, message, signature) => Promise.resolve(verifyWithNoble(publicKey, message, signature)),
  keygen: () => {
    const signKey = ed25519.utils.randomSecretKey()
    return Promise.resolve({ signKey, publicKey: ed25519.getPublicKey(signKey) })
  },
}

function verifyWithNoble(publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array): boolean {
  try {
    return ed25519.verify(signature, message, publicKey, { zip215: false })
  } catch {
    return false
  }
}

/** DER prefix of an Ed25519 private key in PKCS #8 (RFC 8410 section 7). */
const pkcs8Prefix = Uint8Array.of(0x30, 0x2e, 2, 1, 0, 0x30, 5, 6, 3, 0x2b, 0x65, 0x70, 4, 0x22, 4, 0x20)

const signKeys = new WeakMap<Uint8Array, Promise<CryptoKey>>()
const verifyKeys = new WeakMap<Uint8Array, Promise<CryptoKey>>()

const webCryptoEd25519: MlsSignature = {
  async sign(signKey, message) {
    const key = await remember(signKeys, signKey, () =>
      crypto.subtle.importKey('pkcs8', concatBytes(pkcs8Prefix, signKey), 'Ed25519', false, ['sign']),
    )
    return new Uint8Array(await crypto.subtle.sign('Ed25519', key, owned(message)))
  },
  async verify(publicKey, message, signature) {
    const key = await remember(verifyKeys, publicKey, () =>
      crypto.subtle.importKey('raw', owned(publicKey), 'Ed25519', false, ['verify']),
    )
    return crypto.subtle.verify('Ed25519', key, owned(signature), owned(message))
  },
  keygen: nobleEd25519.keygen,
}

function remember(
  keys: WeakMap<Uint8Array, Promise<CryptoKey>>,
  bytes: Uint8Array,
  load: () => Promise<CryptoKey>,
): Promise<CryptoKey> {
  const known = keys.get(bytes)
  if (known !== undefined) return known
  const loading = load()
  keys.set(bytes, loading)
  return loading
}

/** WebCrypto's types want bytes that no other thread can change under its hands. */
function owned(bytes: Uint8Array): Bytes {
  return bytes.buffer instanceof ArrayBuffer ? (bytes as Bytes) : Uint8Array.from(bytes)
}
