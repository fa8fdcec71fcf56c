/**
 * Judging a credential: a pure function of its bytes. No clock, no network, no pins: members that judged differently would
 * fork the group.
 */
import type { AuthenticationService, Credential } from 'ts-mls'
import { verifyCertificate } from '@brieftaube/group-policy'
import { encodeBase64Url, parseCertificate } from '@brieftaube/protocol'

const remembered = new Map<string, boolean>()
const maxRemembered = 8192

export function validateCredential(credential: Credential, deviceKey: Uint8Array): boolean {
  if (credential.credentialType !== 'basic' || !('identity' in credential)) return false
  const name = `${encodeBase64Url(credential.identity)}.${encodeBase64Url(deviceKey)}`
  const known = remembered.get(name)
  if (known !== undefined) return known
  const valid = judge(credential.identity, deviceKey)
  if (remembered.size >= maxRemembered) remembered.clear()
  remembered.set(name, valid)
  return valid
}

function judge(identity: Uint8Array, deviceKey: Uint8Array): boolean {
  try {
    return verifyCertificate(parseCertificate(identity), deviceKey)
  } catch {
    return false
  }
}

export const authService: AuthenticationService = {
  validateCredential: (credential, deviceKey) => Promise.resolve(validateCredential(credential, deviceKey)),
}
