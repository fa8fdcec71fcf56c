import {
  CommandError,
  type CommandInput,
  type CommandName,
  type CommandReply,
  type Failure,
} from '@brieftaube/contract'
import { useState } from 'react'
import { useCore } from './core-context.ts'

export type Outcome<Reply> =
  { readonly kind: 'done'; readonly reply: Reply } | { readonly kind: 'failed'; readonly failure: Failure }

export interface CommandUse<Name extends CommandName> {
  /** Never rejects; presses while it runs are for the caller to refuse (`running`). */
  readonly run: (input: CommandInput<Name>) => Promise<Outcome<CommandReply<Name>>>
  readonly running: boolean
  /** Of the last run, until the next one or `forget`. */
  readonly failure: Failure | undefined
  readonly forget: () => void
}

/** A command of the core with what a form needs to know about it. */
export function useCommand<Name extends CommandName>(name: Name): CommandUse<Name> {
  const { client } = useCore()
  const [state, setState] = useState<{ running: boolean; failure: Failure | undefined }>(idle)
  return {
    ...state,
    forget: () => setState(idle),
    run: async (input) => {
      setState({ running: true, failure: undefined })
      const outcome = await attempt(client.call(name, input))
      setState({ running: false, failure: outcome.kind === 'failed' ? outcome.failure : undefined })
      return outcome
    },
  }
}

const idle = { running: false, failure: undefined }

/** Turns a rejection into an outcome; whatever is not a `CommandError` counts as "internal". */
export async function attempt<Reply>(reply: Promise<Reply>): Promise<Outcome<Reply>> {
  try {
    return { kind: 'done', reply: await reply }
  } catch (error) {
    return { kind: 'failed', failure: failureOf(error) }
  }
}

function failureOf(error: unknown): Failure {
  if (error instanceof CommandError) {
    return { code: error.code, message: error.message, retryAfterMs: error.retryAfterMs }
  }
  return { code: 'internal', message: String(error) }
}
