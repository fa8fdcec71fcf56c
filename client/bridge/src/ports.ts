/** What the bridge needs from a browser, so that tests can play several tabs and kill them. */

/** The part of `BroadcastChannel` that is used. */
export interface Channel {
  postMessage(message: unknown): void
  onmessage: ((event: { readonly data: unknown }) => void) | null
  close(): void
}

/** The part of the Web Locks API that is used. */
export interface Locks {
  request<Result>(
    name: string,
    options: { readonly mode?: 'exclusive' | 'shared'; readonly signal?: AbortSignal; readonly steal?: true },
    callback: () => Promise<Result>,
  ): Promise<Result>
}

/** The worker's side of its window. */
export interface WindowPort {
  postMessage(message: unknown, transfer: Transferable[]): void
  onmessage: ((event: { readonly data: unknown }) => void) | null
}

export interface WorkerPorts {
  readonly window: WindowPort
  /** undefined: the browser has none, or the page's origin is not secure. */
  readonly locks: Locks | undefined
  openChannel(name: string): Channel
  /** Calls back once; not while the tab is frozen. */
  after(delayMs: number, callback: () => void): void
}

/** Of the dedicated worker in which this runs. */
export function workerPorts(): WorkerPorts {
  const scope = globalThis as unknown as WindowPort & { readonly navigator: { readonly locks?: Locks } }
  return {
    window: scope,
    locks: scope.navigator.locks,
    openChannel: (name) => new BroadcastChannel(name) as Channel,
    after: (delayMs, callback) => void setTimeout(callback, delayMs),
  }
}

/** The window's side of its worker: the part of `Worker` that is used. */
export interface WorkerPort {
  postMessage(message: unknown): void
  onmessage: Listener<{ readonly data: unknown }> | null
  onerror: Listener<{ readonly message?: string }> | null
}

/** As a method, so that a real `Worker`, whose handlers want a whole `MessageEvent`, fits. */
type Listener<Event> = { listen(event: Event): void }['listen']

/** The part of a window that is used; `undefined` members are those of a place without a document. */
export interface PagePort {
  addEventListener(
    name: 'online' | 'pagehide' | 'pageshow',
    listener: (event: { readonly persisted?: boolean }) => void,
  ): void
  readonly document?:
    | {
        readonly visibilityState: string
        addEventListener(name: 'visibilitychange', listener: () => void): void
      }
    | undefined
}
