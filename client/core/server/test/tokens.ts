/** Unsigned tokens and ids for tests: the client reads lifetimes and nothing else. */
import {
  encodeBase64Url,
  encodeText,
  type AccountId,
  type ConversationId,
  type DeviceId,
  type Session,
} from '@brieftaube/protocol'

export const alice = 'AAAAAAAAAAAAAAAAAAAAAA' as AccountId
export const phone = 'BBBBBBBBBBBBBBBBBBBBBA' as DeviceId
export const room = 'CCCCCCCCCCCCCCCCCCCCCA' as ConversationId

export function token(claims: { iat: number; exp: number; until?: number; n?: number }): string {
  return `e30.${encodeBase64Url(encodeText(JSON.stringify(claims)))}.AA`
}

/** Issued by a server whose clock stands at `serverNow`. */
export function sessionAt(serverNow: number, n: number): Session {
  const iat = Math.floor(serverNow / 1000)
  return {
    account: alice,
    device: phone,
    role: 'user',
    accessToken: token({ iat, exp: iat + 600, n }),
    expiresAt: serverNow + 600_000,
  }
}
