/**
 * What passes between a window, its worker (a "seat") and the seat that runs the core (the "writer"). Plain objects;
 * one message carries everything of a tick.
 */
import type { CommandName, Failure, ViewName } from '@brieftaube/contract'
import type { Difference } from './difference.ts'

/** Toward the core. */
export type Request = CallRequest | WatchRequest | { readonly kind: 'unwatch'; readonly key: string }

export interface CallRequest {
  readonly kind: 'call'
  /** Made by the window; the same when it is sent again. */
  readonly id: string
  readonly name: CommandName
  readonly input: unknown
  /** A writer that is gone may have carried it out. */
  readonly again: boolean
}

export interface WatchRequest {
  readonly kind: 'watch'
  /** The same for the same view of the same parameter. */
  readonly key: string
  readonly name: ViewName
  readonly parameter: unknown
}

/** From the core. */
export type Answer =
  | { readonly kind: 'state'; readonly key: string; readonly state: unknown }
  /** To the state that this seat was sent last under this key. */
  | { readonly kind: 'change'; readonly key: string; readonly difference: Difference }
  | { readonly kind: 'reply'; readonly id: string; readonly reply: unknown }
  | { readonly kind: 'failed'; readonly id: string; readonly failure: Failure }
  /** There is no core: it could not start. */
  | { readonly kind: 'broken'; readonly failure: Failure }

/** Window → its worker. `leave` and `join`: the page goes into, and comes out of, the browser's back-forward cache. */
export type ToWorker =
  | { readonly kind: 'requests'; readonly requests: readonly Request[] }
  | { readonly kind: 'leave' }
  | { readonly kind: 'join' }

/** Worker → its window. `ready`: from now on it listens. */
export type ToWindow =
  { readonly kind: 'ready' } | { readonly kind: 'answers'; readonly answers: readonly Answer[] }

/** To all seats of a profile. `term` is made anew by every writer. */
export type Announcement =
  | { readonly kind: 'writer'; readonly seat: string; readonly term: string }
  | { readonly kind: 'who-writes' }
  /** The lock's holder is awake, its core is not up yet. */
  | { readonly kind: 'starting' }

/** Into one seat's own channel. */
export type Letter =
  | {
      readonly kind: 'requests'
      readonly term: string
      readonly from: string
      readonly requests: readonly Request[]
    }
  | { readonly kind: 'answers'; readonly term: string; readonly answers: readonly Answer[] }
  /** The answer to requests of a term that is over. */
  | { readonly kind: 'not-writing'; readonly term: string }
