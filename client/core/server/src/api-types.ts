/** The REST client as its users see it; every shape derives from the protocol's routes. */
import type { Bytes, LogIncarnation, ReplyOf, RequestOf, Route, Session } from '@brieftaube/protocol'

/** `{conversation: string}` of `/api/chat/conversations/:conversation/log`. */
export type PathParameters<Path extends string> = Path extends `${string}:${infer Name}/${infer Rest}`
  ? Readonly<Record<Name, string>> & PathParameters<`/${Rest}`>
  : Path extends `${string}:${infer Name}`
    ? Readonly<Record<Name, string>>
    : unknown

type Parameters<R extends Route> = string extends R['path']
  ? { readonly params?: Readonly<Record<string, string>> | undefined }
  : unknown extends PathParameters<R['path']>
    ? unknown
    : { readonly params: PathParameters<R['path']> }

/** JSON for routes with a schema, bytes where the route takes bytes. */
type Body<R extends Route> = [RequestOf<R>] extends [never]
  ? { readonly body?: Uint8Array | undefined }
  : { readonly body: RequestOf<R> }

/** Only for routes whose access is `enrolment`. */
type Token<R extends Route> = R['access'] extends 'enrolment' ? { readonly token: string } : unknown

export type CallInput<R extends Route> = Parameters<R> &
  Body<R> &
  Token<R> & {
    readonly query?: Readonly<Record<string, string | number>> | undefined
    readonly timeoutMs?: number | undefined
    readonly signal?: AbortSignal | undefined
  }

/** Bytes for routes that answer with bytes and for routes without a reply schema (then usually empty). */
export type CallReply<R extends Route> = [ReplyOf<R>] extends [never] ? Bytes : ReplyOf<R>

type CallArguments<R extends Route> =
  Record<string, never> extends CallInput<R> ? [input?: CallInput<R>] : [input: CallInput<R>]

/**
 * Why a session ended on the server's word. revoked: the device is gone for good · disabled: an administrator has
 * disabled the account, what is kept here stays · expired: the session is
 * over (not used for too long, ended elsewhere), and the same device may sign in again.
 */
export type SignedOutReason = 'revoked' | 'expired' | 'disabled'

export interface Api {
  /**
   * Rejects with `ProtocolError` (the server said no), `OfflineError` (no answer). Nothing is repeated but one refresh
   * on `unauthenticated`; whether to send again is the caller's decision.
   */
  call<R extends Route>(route: R, ...input: CallArguments<R>): Promise<CallReply<R>>
  /** The session as last answered by the server, if any. */
  session(): Session | undefined
  /** After login or enrolment: from now on its access token is used. `undefined` forgets it (not the cookie). */
  setSession(session: Session | undefined): void
  /** A new access token for the refresh cookie; concurrent calls share one request. */
  refresh(): Promise<Session>
  /** The life of the log that this device's cursors belong to; it is named in what is asked of the log. */
  log(): LogIncarnation | undefined
  setLog(log: LogIncarnation | undefined): void
  /** The server's log is in another life: nothing that was asked of it has happened. */
  onRestored(listener: () => void): () => void
  tellRestored(): void
  /** The server does not accept the refresh token any more; the session is forgotten. */
  onSignedOut(listener: (reason: SignedOutReason) => void): () => void
}
