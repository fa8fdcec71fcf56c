/** The window's entry: a `CoreClient` over the tab's own worker. */
import {
  CommandError,
  type CommandInput,
  type CommandName,
  type CommandReply,
  type CoreClient,
  type Failure,
  type ViewName,
  type ViewParameter,
  type ViewState,
} from '@brieftaube/contract'
import { applyDifference } from './difference.ts'
import type { Answer, Request, ToWindow, ToWorker } from './messages.ts'
import { oncePerTick } from './once-per-tick.ts'
import type { PagePort, WorkerPort } from './ports.ts'
import { randomId } from './random-id.ts'

export interface ConnectOptions {
  /** The core cannot run in this browser or with what is stored: there will be no views until it can. */
  readonly onFailure?: ((failure: Failure) => void) | undefined
  /** The window whose network and visibility count; the global one unless a test hands in its own. */
  readonly page?: PagePort | undefined
}

interface Call {
  resolve(reply: never): void
  reject(error: CommandError): void
}

interface Watch {
  readonly name: ViewName
  readonly parameter: unknown
  readonly listeners: Set<(state: never) => void>
  latest: { readonly state: unknown } | undefined
}

interface Context {
  readonly worker: WorkerPort
  readonly onFailure: (failure: Failure) => void
  readonly calls: Map<string, Call>
  readonly watches: Map<string, Watch>
  requests: Request[]
  ready: boolean
  flush(): void
}

export function connectCore(worker: WorkerPort, options: ConnectOptions = {}): CoreClient {
  const context: Context = {
    worker,
    onFailure: options.onFailure ?? (() => undefined),
    calls: new Map(),
    watches: new Map(),
    requests: [],
    ready: false,
    flush: oncePerTick(() => {
      flush(context)
    }),
  }
  worker.onmessage = (event) => {
    receive(context, event.data as ToWindow)
  }
  worker.onerror = () => {
    // Later errors are those of single events, and the worker goes on.
    if (!context.ready) breakDown(context, { code: 'internal', message: 'The worker could not start.' })
  }
  const client: CoreClient = {
    call: (name, input) => call(context, name, input),
    watch: (name, parameter, listener) => watch(context, name, parameter, listener),
  }
  followPage(options.page ?? globalThis, client, (message) => {
    worker.postMessage(message)
  })
  return client
}

function call<Name extends CommandName>(
  context: Context,
  name: Name,
  input: CommandInput<Name>,
): Promise<CommandReply<Name>> {
  const id = randomId()
  context.requests.push({ kind: 'call', id, name, input, again: false })
  context.flush()
  return new Promise((resolve, reject) => {
    context.calls.set(id, { resolve, reject })
  })
}

function watch<Name extends ViewName>(
  context: Context,
  name: Name,
  parameter: ViewParameter<Name>,
  listener: (state: ViewState<Name>) => void,
): () => void {
  const key = keyOf(name, parameter)
  const known = context.watches.get(key)
  const watched: Watch = known ?? { name, parameter, listeners: new Set(), latest: undefined }
  if (known === undefined) {
    context.watches.set(key, watched)
    context.requests.push({ kind: 'watch', key, name, parameter })
    context.flush()
  }
  // The same function may watch twice.
  const own = (state: never): void => {
    listener(state)
  }
  watched.listeners.add(own)
  if (watched.latest !== undefined) {
    queueMicrotask(() => {
      if (watched.listeners.has(own) && watched.latest !== undefined) own(watched.latest.state as never)
    })
  }
  return () => {
    watched.listeners.delete(own)
    // Whoever watches again in the same tick keeps what is known.
    queueMicrotask(() => {
      unwatchUnheard(context, key, watched)
    })
  }
}

function unwatchUnheard(context: Context, key: string, watched: Watch): void {
  if (watched.listeners.size > 0 || context.watches.get(key) !== watched) return
  context.watches.delete(key)
  context.requests.push({ kind: 'unwatch', key })
  context.flush()
}

/** Equal for equal parameters, whatever the order of their keys. */
function keyOf(name: string, parameter: object): string {
  return JSON.stringify([name, Object.entries(parameter).toSorted(([a], [b]) => (a < b ? -1 : 1))])
}

function flush(context: Context): void {
  if (!context.ready || context.requests.length === 0) return
  const message: ToWorker = { kind: 'requests', requests: context.requests }
  context.requests = []
  context.worker.postMessage(message)
}

function receive(context: Context, message: ToWindow): void {
  if (message.kind === 'ready') {
    context.ready = true
    flush(context)
  } else {
    for (const answer of message.answers) take(context, answer)
  }
}

function take(context: Context, answer: Answer): void {
  switch (answer.kind) {
    case 'state':
      show(context.watches.get(answer.key), answer.state)
      return
    case 'change': {
      const watched = context.watches.get(answer.key)
      // meant for an earlier watch of the same view: the whole state is on its way
      if (watched?.latest === undefined) return
      const { state } = watched.latest
      show(watched, applyDifference(state, answer.difference))
      return
    }
    case 'reply':
      context.calls.get(answer.id)?.resolve(answer.reply as never)
      context.calls.delete(answer.id)
      return
    case 'failed':
      context.calls.get(answer.id)?.reject(new CommandError(answer.failure))
      context.calls.delete(answer.id)
      return
    case 'broken':
      context.onFailure(answer.failure)
  }
}

function show(watched: Watch | undefined, state: unknown): void {
  if (watched === undefined) return
  watched.latest = { state }
  for (const listener of [...watched.listeners]) listener(state as never)
}

function breakDown(context: Context, failure: Failure): void {
  for (const each of context.calls.values()) each.reject(new CommandError(failure))
  context.calls.clear()
  context.onFailure(failure)
}

/** What only a window notices: the network came back, the page is looked at, it goes into the back-forward cache. */
function followPage(page: PagePort, client: CoreClient, post: (message: ToWorker) => void): void {
  const reconnect = (): void => {
    client.call('reconnect', {}).catch(() => undefined)
  }
  page.addEventListener('online', reconnect)
  page.document?.addEventListener('visibilitychange', () => {
    if (page.document?.visibilityState === 'visible') reconnect()
  })
  page.addEventListener('pagehide', () => {
    post({ kind: 'leave' })
  })
  page.addEventListener('pageshow', (event) => {
    if (event.persisted === true) post({ kind: 'join' })
  })
}
