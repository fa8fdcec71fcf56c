/**
 * How a window and the core speak: commands that are answered, and views that are pushed. Everything here survives
 * structured cloning: plain objects, strings, numbers, Uint8Array.
 */
import type { ErrorBody } from '@brieftaube/protocol'
import type { Commands } from './commands.ts'
import type { Views } from './views.ts'

export type CommandName = keyof Commands
export type CommandInput<Name extends CommandName> = Commands[Name]['input']
export type CommandReply<Name extends CommandName> = Commands[Name]['reply']

export type ViewName = keyof Views
export type ViewParameter<Name extends ViewName> = Views[Name]['parameter']
export type ViewState<Name extends ViewName> = Views[Name]['state']

/** Local failures beside those of the wire; a window shows its own sentence for each code. */
export type LocalErrorCode =
  | 'offline'
  | 'not-signed-in'
  | 'wrong-recovery-key'
  | 'recovery-key-typo'
  | 'unknown-message'
  | 'unknown-conversation'
  | 'empty-text'
  | 'text-too-long'
  | 'key-changed'
  | 'storage-full'
  | 'storage-failed'
  /** The browser has removed what was stored here, or its key: sign in again. */
  | 'storage-lost'
  /** What is stored here was written by a newer version of this client: reload. */
  | 'storage-newer'
  /** The tab that worked on it went away, and doing it twice could harm: look whether it happened, then decide. */
  | 'interrupted'
  /** Something this client cannot do without is missing in the browser (Web Locks, a secure origin). */
  | 'unsupported-browser'
  | 'no-key-packages'
  | 'decryption-failed'

/** The only form in which a failure crosses a thread. */
export interface Failure {
  readonly code: ErrorBody['code'] | LocalErrorCode
  readonly message: string
  readonly retryAfterMs?: number | undefined
}

/** A command's failure as the calling side sees it. */
export class CommandError extends Error {
  override readonly name = 'CommandError'
  readonly code: Failure['code']
  readonly retryAfterMs: number | undefined

  constructor(failure: Failure) {
    super(failure.message)
    this.code = failure.code
    this.retryAfterMs = failure.retryAfterMs
  }
}

/** What a window holds; the bridge implements it over threads and tabs, the core directly in tests. */
export interface CoreClient {
  /** Rejects with `CommandError`. Safe over a change of writer: a command is carried out once. */
  call<Name extends CommandName>(name: Name, input: CommandInput<Name>): Promise<CommandReply<Name>>
  /** Calls `listener` with the current state as soon as there is one, then with every change; returns the end of it. */
  watch<Name extends ViewName>(
    name: Name,
    parameter: ViewParameter<Name>,
    listener: (state: ViewState<Name>) => void,
  ): () => void
}

/** Where a command comes from; a core may derive ids from it, so that the same command twice makes the same thing. */
export interface CommandContext {
  /** Made by the window: 22 letters of base64url (128 random bits), the same when the command is sent again. */
  readonly id: string
  /** A core that has gone away may have carried it out already, wholly or in part. */
  readonly again: boolean
}

/**
 * What the core offers to the bridge. A state that was handed out is never changed afterwards, and what is equal in the
 * next one may be the same object: then it need not cross to the window again.
 */
export interface CoreHost extends CoreClient, AsyncDisposable {
  call<Name extends CommandName>(
    name: Name,
    input: CommandInput<Name>,
    context?: CommandContext,
  ): Promise<CommandReply<Name>>
}
