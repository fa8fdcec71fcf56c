/** What we allow the library. Its defaults accept everything, so nothing is left to them. */
import type { Capabilities, ClientConfig } from 'ts-mls'
import { lastResortExtensionType, rulesExtensionType } from '@brieftaube/group-policy'
import { equalBytes, limits } from '@brieftaube/protocol'
import { authService } from './credential.ts'

export const clientConfig: ClientConfig = {
  keyRetentionConfig: {
    retainKeysForGenerations: limits.retainedGenerations,
    retainKeysForEpochs: limits.pastEpochs,
    maximumForwardRatchetSteps: limits.forwardSteps,
  },
  lifetimeConfig: {
    maximumTotalLifetime: BigInt(limits.keyPackageLifetimeMs / 1000),
    // judging a received commit must not depend on a clock
    validateLifetimeOnReceive: false,
  },
  keyPackageEqualityConfig: {
    compareKeyPackages: (a, b) => equalBytes(a.leafNode.signaturePublicKey, b.leafNode.signaturePublicKey),
    compareKeyPackageToLeafNode: (a, b) => equalBytes(a.leafNode.signaturePublicKey, b.signaturePublicKey),
  },
  // the plaintext has a fixed size already
  paddingConfig: { kind: 'alwaysPad', paddingLength: 0 },
  authService,
}

/** Byte for byte what `group-policy` demands of every leaf. */
export const capabilities: Capabilities = {
  versions: ['mls10'],
  ciphersuites: ['MLS_256_XWING_AES256GCM_SHA512_Ed25519', 'MLS_128_DHKEMX25519_AES128GCM_SHA256_Ed25519'],
  extensions: [lastResortExtensionType, rulesExtensionType],
  proposals: [],
  credentials: ['basic'],
}
