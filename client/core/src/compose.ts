/** The core put together: store, server and use cases behind the contract. */
import type { CoreHost } from '@brieftaube/contract'
import { startMessaging, type Clock, type Log } from '@brieftaube/messaging'
import { createApi, createSocket, type CookieJar, type Fetch, type Socket } from '@brieftaube/server'
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
  /** For tests that stand between client and server. */
  readonly wrapSocket?: ((socket: Socket) => Socket) | undefined
  readonly log?: Log | undefined
}

/** Rejects with `StorageError` when the store cannot be read. Disposing of the core closes the store too. */
export function startCore(ports: CorePorts): Promise<CoreHost> {
  const { store, baseUrl, headers } = ports
  const api = createApi({ baseUrl, headers, fetch: ports.fetch, cookies: ports.cookies })
  return startMessaging({
    store,
    api,
    openSocket: () => {
      const socket = createSocket({ baseUrl, api, headers })
      return ports.wrapSocket === undefined ? socket : ports.wrapSocket(socket)
    },
    clock: ports.clock ?? { now: () => Date.now() },
    log: ports.log ?? (() => undefined),
  })
}
