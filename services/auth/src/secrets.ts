/** The auth service's secrets as generated files: made at the first start, part of every backup. */
import { generateKeyPairSync, randomBytes } from 'node:crypto'
import { readOrCreateSecret } from '@brieftaube/service-kit'
import type { JWK } from 'jose'
import { z } from 'zod'
import type { AuthSecrets, SigningKey } from './config.ts'
import { createOpaqueServerSetup } from './opaque.ts'

const signingKeySchema = z.strictObject({
  kid: z.string().min(8),
  jwk: z.strictObject({ kty: z.literal('OKP'), crv: z.literal('Ed25519'), x: z.string(), d: z.string() }),
})

/**
 * Reads `signing-keys`, `opaque-server-setup`, `sealing-key`, `pepper` and `internal-secret` in the folder, and makes
 * what is missing. `signing-keys` has one JSON line per key, the one that signs first: to rotate, put a new line on top
 * (`createSigningKey`) and take the old one away ten minutes later. Throws `ConfigError`.
 */
export async function loadAuthSecrets(folder: string): Promise<AuthSecrets> {
  const newSetup = await createOpaqueServerSetup()
  const read = (name: string, make: () => string, check?: (text: string) => boolean) =>
    readOrCreateSecret({ folder, name, make, check })
  const is32Bytes = (text: string) => Buffer.from(text, 'base64url').length >= 32
  return {
    signingKeys: parseSigningKeys(
      await read(
        'signing-keys',
        () => JSON.stringify(createSigningKey()),
        (text) => {
          try {
            return parseSigningKeys(text).length > 0
          } catch {
            return false
          }
        },
      ),
    ),
    opaqueServerSetup: await read(
      'opaque-server-setup',
      () => newSetup,
      (text) => text.length === newSetup.length,
    ),
    sealingKey: await read('sealing-key', random32, is32Bytes),
    pepper: await read('pepper', random32, is32Bytes),
    internalSecret: await read('internal-secret', random32, is32Bytes),
  }
}

export function createSigningKey(): SigningKey {
  const { kty, crv, x, d } = generateKeyPairSync('ed25519').privateKey.export({ format: 'jwk' })
  const jwk: JWK = { kty: kty ?? '', crv: crv ?? '', x: x ?? '', d: d ?? '' }
  return { kid: randomBytes(9).toString('base64url'), jwk }
}

function parseSigningKeys(text: string): SigningKey[] {
  return text
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line) => signingKeySchema.parse(JSON.parse(line)))
}

function random32(): string {
  return randomBytes(32).toString('base64url')
}
