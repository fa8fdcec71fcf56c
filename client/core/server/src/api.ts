/** The REST client: adds the access token, keeps it fresh with one request at a time, forgets it when the server says so. */
import { authRoutes, limits, ProtocolError, type Route, type Session } from '@brieftaube/protocol'
import type { Api, SignedOutReason } from './api-types.ts'
import type { CookieJar } from './cookie-jar.ts'
import { systemClock, type Clock, type Fetch } from './ports.ts'
import { exchange, notFromService, type Exchange, type RawCall } from './request.ts'
import { lifetimeOf } from './token-lifetime.ts'

export interface ApiOptions {
  /** The server's origin without a slash at its end; '' for the page's own. */
  readonly baseUrl: string
  readonly fetch?: Fetch | undefined
  readonly clock?: Clock | undefined
  /** Only where no browser keeps them. */
  readonly cookies?: CookieJar | undefined
  readonly headers?: Readonly<Record<string, string>> | undefined
}

/** Refreshed so long before its end: a request with it must still arrive. */
const MARGIN_MS = 60_000

interface State {
  readonly port: Exchange
  session: Session | undefined
  /** By this device's clock, from the token's own length of life. */
  staleAt: number
  refreshing: Promise<Session> | undefined
  readonly listeners: Set<(reason: SignedOutReason) => void>
  readonly restored: Set<() => void>
}

export function createApi(options: ApiOptions): Api {
  const clock = options.clock ?? systemClock
  const state: State = {
    port: {
      baseUrl: options.baseUrl,
      fetch: options.fetch ?? ((url, init) => fetch(url, init)),
      clock,
      cookies: options.cookies,
      headers: options.headers ?? {},
      log: undefined,
    },
    session: undefined,
    staleAt: 0,
    refreshing: undefined,
    listeners: new Set(),
    restored: new Set(),
  }
  return {
    call: async (route, ...[input]) => {
      try {
        return (await call(state, route, input ?? {})) as never
      } catch (error) {
        if (error instanceof ProtocolError && error.code === 'log-restored') tell(state)
        throw error
      }
    },
    session: () => state.session,
    setSession: (session) => {
      setSession(state, session)
    },
    refresh: () => refresh(state),
    log: () => state.port.log,
    setLog: (log) => {
      state.port.log = log
    },
    tellRestored: () => tell(state),
    onRestored(listener) {
      state.restored.add(listener)
      return () => state.restored.delete(listener)
    },
    onSignedOut(listener) {
      state.listeners.add(listener)
      return () => state.listeners.delete(listener)
    },
  }
}

async function call(
  state: State,
  route: Route,
  input: RawCall & { readonly token?: string },
): Promise<unknown> {
  if (route.access === 'public') return exchange(state.port, route, input, undefined)
  if (route.access === 'enrolment') return exchange(state.port, route, input, input.token)
  const token = await freshToken(state)
  try {
    return await exchange(state.port, route, input, token)
  } catch (error) {
    if (!isUnauthenticated(error)) throw error
    // Another call may have refreshed it in the meantime.
    const current = state.session?.accessToken
    const next = current !== undefined && current !== token ? current : (await refresh(state)).accessToken
    return exchange(state.port, route, input, next)
  }
}

async function freshToken(state: State): Promise<string> {
  const { session, port, staleAt } = state
  if (session !== undefined && port.clock.now() < staleAt) return session.accessToken
  return (await refresh(state)).accessToken
}

function refresh(state: State): Promise<Session> {
  state.refreshing ??= requestSession(state).finally(() => {
    state.refreshing = undefined
  })
  return state.refreshing
}

async function requestSession(state: State): Promise<Session> {
  const before = state.session
  try {
    const session = (await exchange(state.port, authRoutes.tokenRefresh, {}, undefined)) as Session
    setSession(state, session)
    return session
  } catch (error) {
    // A login that was finished in the meantime stands.
    const reason = endOf(error)
    if (reason !== undefined && state.session === before) signOut(state, reason)
    throw error
  }
}

function setSession(state: State, session: Session | undefined): void {
  state.session = session
  if (session === undefined) return
  const now = state.port.clock.now()
  const lifeMs = lifetimeOf(session.accessToken)?.validMs ?? limits.accessTokenMs
  state.staleAt = now + Math.max(lifeMs - MARGIN_MS, lifeMs / 2)
}

/** Only these two words of the server end a session; a network or an origin that is set up wrongly must not. */
function endOf(error: unknown): SignedOutReason | undefined {
  if (!(error instanceof ProtocolError) || error.cause === notFromService) return undefined
  if (error.code === 'device-revoked') return 'revoked'
  if (error.code === 'account-disabled') return 'disabled'
  return error.code === 'unauthenticated' ? 'expired' : undefined
}

function signOut(state: State, reason: SignedOutReason): void {
  state.session = undefined
  for (const listener of [...state.listeners]) listener(reason)
}

function tell(state: State): void {
  for (const listener of [...state.restored]) listener()
}

function isUnauthenticated(error: unknown): boolean {
  return error instanceof ProtocolError && error.code === 'unauthenticated'
}
