/**
 * The views: who watches what, and when it is told. A change only marks its views; soon after, each marked view is
 * computed once and handed to its watchers, if it is another than before. Between two such rounds there is a rest that
 * grows with what the last one took: a lone change is seen at once, a stream of them leaves time for the work itself.
 */
import type { ViewName, ViewParameter, ViewState } from '@brieftaube/contract'
import { keepSame } from './views/keep-same.ts'

const REST_PER_WORK = 4
const LONGEST_REST_MS = 16

type Sources = {
  readonly [Name in ViewName]: (parameter: ViewParameter<Name>) => ViewState<Name> | undefined
}

interface Watched {
  readonly name: ViewName
  readonly compute: () => unknown
  readonly listeners: Set<(state: unknown) => void>
  state: unknown
}

export interface Hub {
  watch<Name extends ViewName>(
    name: Name,
    parameter: ViewParameter<Name>,
    listener: (state: ViewState<Name>) => void,
  ): () => void
  /** Marks the views of this name; of one conversation only where it is given. */
  touch(name: ViewName, conversation?: string): void
  touchAll(): void
  /** Tells what is marked right now instead of with the next task, unless the last round was just now. */
  hurry(): void
  isWatched(name: ViewName, conversation?: string): boolean
  close(): void
}

/** `opened` and `closed` tell when a view gets its first and loses its last watcher; a source answers undefined until it is ready. */
export function createHub(
  sources: Sources,
  on: {
    opened: (name: ViewName, parameter: unknown) => void
    closed: (name: ViewName, parameter: unknown) => void
  },
): Hub {
  const watched = new Map<string, Watched>()
  const dirty = new Set<string>()
  let timer: ReturnType<typeof setTimeout> | undefined
  let restsUntil = 0

  function flush(): void {
    timer = undefined
    const began = performance.now()
    const keys = [...dirty]
    dirty.clear()
    try {
      for (const key of keys) push(watched.get(key))
    } finally {
      const ended = performance.now()
      restsUntil = ended + Math.min(LONGEST_REST_MS, REST_PER_WORK * (ended - began))
    }
  }

  function schedule(): void {
    if (timer !== undefined) return
    timer = setTimeout(flush, Math.max(0, restsUntil - performance.now()))
  }

  function mark(key: string): void {
    if (!watched.has(key)) return
    dirty.add(key)
    schedule()
  }

  return {
    watch: (name, parameter, listener) => {
      const key = keyOf(name, conversationOf(parameter))
      const known = watched.get(key)
      const view = known ?? {
        name,
        compute: () => sources[name](parameter),
        listeners: new Set<(state: unknown) => void>(),
        state: undefined,
      }
      const each = (state: unknown) => listener(state as ViewState<typeof name>)
      view.listeners.add(each)
      watched.set(key, view)
      if (known === undefined) on.opened(name, parameter)
      if (known?.state !== undefined) queueMicrotask(() => view.listeners.has(each) && each(view.state))
      else mark(key)
      return () => {
        if (!view.listeners.delete(each) || view.listeners.size > 0) return
        watched.delete(key)
        on.closed(name, parameter)
      }
    },
    touch: (name, conversation) => mark(keyOf(name, conversation)),
    touchAll: () => {
      for (const key of watched.keys()) mark(key)
    },
    hurry: () => {
      if (timer === undefined || performance.now() < restsUntil) return
      clearTimeout(timer)
      flush()
    },
    isWatched: (name, conversation) => watched.has(keyOf(name, conversation)),
    close: () => {
      if (timer !== undefined) clearTimeout(timer)
      watched.clear()
    },
  }
}

function push(view: Watched | undefined): void {
  if (view === undefined) return
  const state = keepSame(view.state, view.compute())
  if (state === undefined || state === view.state) return
  view.state = state
  for (const listener of view.listeners) listener(state)
}

function keyOf(name: ViewName, conversation: string | undefined): string {
  return conversation === undefined ? name : `${name}:${conversation}`
}

function conversationOf(parameter: unknown): string | undefined {
  const { conversation } = parameter as { conversation?: string }
  return conversation
}
