/** Sealing for tests, as the encryption module does it: AES-256-GCM, random nonce in front, the context as AAD. */
import type { StorageKeys } from '@brieftaube/storage'

export const webCryptoKeys: StorageKeys = {
  create: () => crypto.subtle.generateKey({ name: 'AES-GCM', length: 256 }, false, ['encrypt', 'decrypt']),
  sealer: (key) => ({
    async seal(context, plain) {
      const nonce = crypto.getRandomValues(new Uint8Array(12))
      const sealed = new Uint8Array(
        await crypto.subtle.encrypt(parameters(nonce, context), key, Uint8Array.from(plain)),
      )
      const joined = new Uint8Array(12 + sealed.length)
      joined.set(nonce)
      joined.set(sealed, 12)
      return joined
    },
    async open(context, sealed) {
      const bytes = Uint8Array.from(sealed)
      try {
        return new Uint8Array(
          await crypto.subtle.decrypt(parameters(bytes.slice(0, 12), context), key, bytes.slice(12)),
        )
      } catch {
        return undefined
      }
    },
  }),
}

function parameters(iv: Uint8Array<ArrayBuffer>, context: string): AesGcmParams {
  return { name: 'AES-GCM', iv, additionalData: new TextEncoder().encode(context) }
}
