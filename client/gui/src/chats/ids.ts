/** The ids that this area handles, and fresh ones for messages of this window. */
export type { AccountId, ClientId, ConversationId } from '@brieftaube/contract'

const LOCAL_ID_BYTES = 16

/** 128 random bits as 22 letters of base64url: the name of a message before anybody else knows it. */
export function newLocalId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(LOCAL_ID_BYTES))
  const text = btoa(String.fromCharCode(...bytes))
  return text.replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '')
}
