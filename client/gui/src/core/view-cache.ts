/** One subscription per view and parameter, however many components look at it. */
import type { CoreClient, ViewName, ViewParameter, ViewState } from '@brieftaube/contract'

/** A subscription outlives its last listener by this, so that going back and forth shows the known state at once. */
const KEPT_MS = 5000

/** In the form that `useSyncExternalStore` takes; the same object for the same view and parameter. */
interface ViewStore<State> {
  readonly subscribe: (listener: () => void) => () => void
  /** The last known state; undefined before the first. */
  readonly peek: () => State | undefined
}

export interface ViewCache {
  store<Name extends ViewName>(name: Name, parameter: ViewParameter<Name>): ViewStore<ViewState<Name>>
}

export function makeViewCache(client: CoreClient): ViewCache {
  const stores = new Map<string, ViewStore<unknown>>()
  return {
    store: <Name extends ViewName>(name: Name, parameter: ViewParameter<Name>) => {
      const key = `${name} ${Object.values(parameter).join(' ')}`
      const store = stores.get(key) ?? makeStore(client, name, parameter)
      stores.set(key, store)
      // Stored under a key that begins with the view's name, so the state is that view's.
      return store as ViewStore<ViewState<Name>>
    },
  }
}

function makeStore<Name extends ViewName>(
  client: CoreClient,
  name: Name,
  parameter: ViewParameter<Name>,
): ViewStore<ViewState<Name>> {
  const listeners = new Set<() => void>()
  let state: ViewState<Name> | undefined
  let stop: (() => void) | undefined
  let idle: ReturnType<typeof setTimeout> | undefined

  function close(): void {
    stop?.()
    stop = undefined
    state = undefined
  }

  return {
    subscribe: (listener) => {
      clearTimeout(idle)
      listeners.add(listener)
      stop ??= client.watch(name, parameter, (next) => {
        state = next
        for (const each of listeners) each()
      })
      return () => {
        listeners.delete(listener)
        if (listeners.size === 0) idle = setTimeout(close, KEPT_MS)
      }
    },
    peek: () => state,
  }
}
