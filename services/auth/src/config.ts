/** What the auth service is told: values only. `main` reads them from environment and secret files; tests pass a literal. */
import type { ServiceDatabase } from '@brieftaube/service-kit'
import type { JWK } from 'jose'

export interface SigningKey {
  readonly kid: string
  /** Ed25519 with its private part. */
  readonly jwk: JWK
}

export interface AuthSecrets {
  /** The first signs; all verify. To rotate: put a new one in front and drop the last after ten minutes. */
  readonly signingKeys: readonly SigningKey[]
  /** OPAQUE's server keys (RFC 9807). Whoever loses them locks every account out. */
  readonly opaqueServerSetup: string
  /** 32 bytes, base64url. What the server seals for itself derives from it: login states, refresh successors, invite codes. */
  readonly sealingKey: string
  /** 32 bytes, base64url: hashes of recovery proofs and answers about unknown names. */
  readonly pepper: string
  /** Shared with the chat service, for the revocation feed. */
  readonly internalSecret: string
}

export interface AuthConfig {
  readonly database: ServiceDatabase
  /** Shown to people. */
  readonly serverName: string
  /** The product's version. */
  readonly version: string
  readonly registration: 'open' | 'invite-only'
  /** The Origins of the web client. */
  readonly origins: readonly string[]
  /** Whether browsers reach the server by TLS. */
  readonly https: boolean
  /** How many own proxies stand in front. */
  readonly proxies: number
  readonly secrets: AuthSecrets
  /** Connections to the database. */
  readonly poolSize: number
}
