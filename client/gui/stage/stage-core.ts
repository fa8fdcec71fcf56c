/** A core without a server: states that a screen is given, and commands that only pretend. For looking and testing. */
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

type Listener = (state: never) => void
type Handler = (input: never) => unknown

export interface StageCore extends CoreClient {
  /** Shows this state to whoever watches, now and later. */
  put<Name extends ViewName>(name: Name, parameter: ViewParameter<Name>, state: ViewState<Name>): void
  peek<Name extends ViewName>(name: Name, parameter: ViewParameter<Name>): ViewState<Name> | undefined
  /** Answers a command; without a handler it succeeds with nothing. Throw `stageFailure(code)` to refuse. */
  on<Name extends CommandName>(
    name: Name,
    handler: (input: CommandInput<Name>) => CommandReply<Name> | Promise<CommandReply<Name>>,
  ): void
}

export function makeStageCore(latencyMs = 0): StageCore {
  const states = new Map<string, unknown>()
  const listeners = new Map<string, Set<Listener>>()
  const handlers = new Map<string, Handler>()

  return {
    put: (name, parameter, state) => {
      const key = keyOf(name, parameter)
      states.set(key, state)
      for (const listener of listeners.get(key) ?? []) listener(state as never)
    },
    peek: <Name extends ViewName>(name: Name, parameter: ViewParameter<Name>) =>
      states.get(keyOf(name, parameter)) as ViewState<Name> | undefined,
    on: (name, handler) => {
      handlers.set(name, handler)
    },
    call: async <Name extends CommandName>(name: Name, input: CommandInput<Name>) => {
      if (latencyMs > 0) await new Promise((resolve) => setTimeout(resolve, latencyMs))
      return (await handlers.get(name)?.(input as never)) as CommandReply<Name>
    },
    watch: (name, parameter, listener) => {
      const key = keyOf(name, parameter)
      const group = listeners.get(key) ?? new Set<Listener>()
      listeners.set(key, group)
      group.add(listener)
      queueMicrotask(() => {
        if (states.has(key) && group.has(listener)) listener(states.get(key) as never)
      })
      return () => group.delete(listener)
    },
  }
}

function keyOf(name: ViewName, parameter: object): string {
  return `${name} ${Object.values(parameter).join(' ')}`
}

export function stageFailure(code: Failure['code'], retryAfterMs?: number): CommandError {
  return new CommandError({ code, message: 'stage', retryAfterMs })
}
