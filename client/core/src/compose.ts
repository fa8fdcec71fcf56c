/** The core put together: store, server and use cases behind the contract. */
import type { CoreHost } from '@brieftaube/contract'
import { startMessaging, type Clock, type Log } from '@brieftaube/messaging'
import { createApi, createSocket, type CookieJar, type Fetch } from '@brieftaube/server'
import type { Store } from '@brieftaube/storage'

export interface CorePorts {
  readonly store: Store
  /** Absolute: "https://chat.example.org". */
  readonly baseUrl: string
  readonly fetch?: Fetch | undefined
  /** Where no browser keeps cookies. */
  readonly cookies?: CookieJar | undefined
  /** Headers that a browser would set by itself. */
  readonly headers?: Readonly<Record<string, string>> | undefined
  readonly clock?: Clock | undefined
  readonly log?: Log | undefined
}

/** Rejects with `StorageError` when the store cannot be read. Disposing of the core closes the store too. */
export function startCore(ports: CorePorts): Promise<CoreHost> {
  const { store, baseUrl, headers } = ports
  const api = createApi({ baseUrl, headers, fetch: ports.fetch, cookies: ports.cookies })
  return startMessaging({
    store,
    api,
    openSocket: () => createSocket({ baseUrl, api, headers }),
    clock: ports.clock ?? { now: () => Date.now() },
    log: ports.log ?? (() => undefined),
  })
}
