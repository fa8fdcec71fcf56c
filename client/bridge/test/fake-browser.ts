/** Locks, channels and workers of one browser profile, with tabs that can be killed at any moment. */
import type { Channel, Locks, WorkerPort, WorkerPorts } from '@brieftaube/bridge'

export interface FakeTab {
  readonly ports: WorkerPorts
  readonly worker: WorkerPort
  alive: boolean
  /** Set: nothing arrives, what would have arrived waits here, and the locks stay held. */
  backlog: (() => void)[] | undefined
  kill(): void
  freeze(): void
  thaw(): void
}

interface LockRequest {
  readonly tab: FakeTab
  readonly mode: 'exclusive' | 'shared'
  grant(): Promise<void>
  rob(): void
  held: boolean
}

type Handler = ((event: { readonly data: unknown }) => void) | null

export class FakeBrowser {
  readonly #random: () => number
  readonly #channels = new Map<string, Set<{ tab: FakeTab; onmessage: Handler }>>()
  readonly #locks = new Map<string, LockRequest[]>()
  /** Messages over channels and between threads, batches counted once. */
  posts = 0

  constructor(random: () => number = Math.random) {
    this.#random = random
  }

  openTab({ locks = true } = {}): FakeTab {
    const [near, far] = this.#pipe(() => tab)
    const tab: FakeTab = {
      alive: true,
      backlog: undefined,
      freeze: () => (tab.backlog ??= []),
      thaw: () => {
        const waiting = tab.backlog ?? []
        tab.backlog = undefined
        for (const arrive of waiting) arrive()
      },
      worker: { ...near, onerror: null },
      ports: {
        window: far,
        locks: locks ? this.#locksOf(() => tab) : undefined,
        openChannel: (name) => this.#open(name, tab),
        after: (delayMs, callback) => void setTimeout(() => arrive(tab, callback), delayMs),
      },
      kill: () => {
        tab.alive = false
        for (const [name, requests] of this.#locks) {
          this.#locks.set(
            name,
            requests.filter((request) => request.tab !== tab),
          )
        }
        for (const name of [...this.#locks.keys()]) this.#grant(name)
      },
    }
    // Handlers are set on the returned objects later, so both must be the objects that the pipe reads.
    return Object.assign(tab, { worker: near as unknown as WorkerPort })
  }

  /** Messages of one sender arrive in their order; those of different senders do not wait for each other. */
  #courier(): (deliver: () => void) => void {
    let last: Promise<void> = Promise.resolve()
    return (deliver) => {
      this.posts++
      const delayMs = this.#random() < 0.3 ? this.#random() * 4 : 0
      const gone = last
      last = (async () => {
        await Promise.all([gone, new Promise((resolve) => setTimeout(resolve, delayMs))])
        deliver()
      })()
    }
  }

  #pipe(
    tab: () => FakeTab,
  ): [
    { postMessage(message: unknown): void; onmessage: Handler },
    { postMessage(message: unknown): void; onmessage: Handler },
  ] {
    const [there, back] = [this.#courier(), this.#courier()]
    const end = (send: (deliver: () => void) => void, other: () => { onmessage: Handler }) => ({
      onmessage: null as Handler,
      onerror: null,
      postMessage(message: unknown) {
        const data = structuredClone(message)
        send(() => {
          arrive(tab(), () => other().onmessage?.({ data }))
        })
      },
    })
    const near: ReturnType<typeof end> = end(there, () => far)
    const far: ReturnType<typeof end> = end(back, () => near)
    return [near, far]
  }

  #open(name: string, tab: FakeTab): Channel {
    const channels = this.#channels.get(name) ?? new Set()
    this.#channels.set(name, channels)
    const send = this.#courier()
    const channel = {
      tab,
      onmessage: null as Handler,
      postMessage(message: unknown) {
        const data = structuredClone(message)
        if (!tab.alive) return
        send(() => {
          for (const each of [...channels]) {
            if (each !== channel) arrive(each.tab, () => each.onmessage?.({ data: structuredClone(data) }))
          }
        })
      },
      close() {
        channels.delete(channel)
      },
    }
    channels.add(channel)
    return channel
  }

  #locksOf(tab: () => FakeTab): Locks {
    return {
      request: (name, options, callback) =>
        new Promise((resolve, reject) => {
          if (!tab().alive) return
          const request: LockRequest = {
            tab: tab(),
            mode: options.mode ?? 'exclusive',
            held: false,
            rob() {},
            async grant() {
              request.held = true
              await Promise.resolve()
              if (!request.tab.alive) return
              await callback().then(resolve, reject)
              remove()
            },
          }
          request.rob = () => {
            arrive(request.tab, () => {
              reject(new Error('robbed'))
            })
          }
          const remove = (): void => {
            this.#locks.set(
              name,
              (this.#locks.get(name) ?? []).filter((each) => each !== request),
            )
            this.#grant(name)
          }
          options.signal?.addEventListener('abort', () => {
            if (request.held) return
            remove()
            reject(new Error('aborted'))
          })
          const others = this.#locks.get(name) ?? []
          if (options.steal === true) {
            for (const each of others) if (each.held) each.rob()
            this.#locks.set(name, [request, ...others.filter((each) => !each.held)])
          } else {
            this.#locks.set(name, [...others, request])
          }
          this.#grant(name)
        }),
    }
  }

  #grant(name: string): void {
    const requests = this.#locks.get(name) ?? []
    for (const request of requests) {
      const ahead = requests.slice(0, requests.indexOf(request))
      const free =
        request.mode === 'shared' ? ahead.every((each) => each.mode === 'shared') : ahead.length === 0
      if (!free) return
      if (!request.held) void request.grant()
    }
  }
}

function arrive(tab: FakeTab, event: () => void): void {
  if (!tab.alive) return
  if (tab.backlog === undefined) event()
  else tab.backlog.push(event)
}
