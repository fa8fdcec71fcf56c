import type { ViewName, ViewParameter, ViewState } from '@brieftaube/contract'
import { useSyncExternalStore } from 'react'
import { useCore } from './core-context.ts'

/** Views without a parameter are asked for by their name alone. */
type Rest<Name extends ViewName> =
  ViewParameter<Name> extends Record<string, never> ? readonly [] : readonly [parameter: ViewParameter<Name>]

/** The current state of a view of the core; undefined until the first arrives. */
export function useView<Name extends ViewName>(name: Name, ...rest: Rest<Name>): ViewState<Name> | undefined {
  const { views } = useCore()
  const store = views.store(name, rest[0] ?? {})
  return useSyncExternalStore(store.subscribe, store.peek)
}
