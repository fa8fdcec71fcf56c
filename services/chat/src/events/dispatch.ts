/** Events from a socket to their handlers, parsed strictly; what is wrong with one is said to its sender alone. */
import { MalformedError, ProtocolError, toServer } from '@brieftaube/protocol'
import { rateLimited, toProtocolError } from '@brieftaube/service-kit'
import type { ChatDeps } from '../deps.ts'
import type { Session } from '../socket/session.ts'
import { append } from './append.ts'
import { ephemeral } from './ephemeral.ts'
import { openConversation } from './open-conversation.ts'
import { receipt } from './receipt.ts'
import { renew } from './renew.ts'
import { watchPresence } from './watch-presence.ts'

type EventHandler = (session: Session, payload: unknown, deps: ChatDeps) => unknown

const handlers: Readonly<Record<keyof typeof toServer, EventHandler>> = {
  append,
  receipt,
  ephemeral,
  openConversation,
  watchPresence,
  renew,
}

const byName = new Map<unknown, EventHandler>(
  Object.entries(toServer).map(([key, name]) => [name, handlers[key as keyof typeof toServer]]),
)

/** Refusals of malformed events before the socket is closed: an honest client sends none. */
const maxOffences = 20
const offences = new WeakMap<Session, number>()

/** Never throws. */
export function dispatch(
  session: Session,
  data: readonly unknown[],
  id: number | undefined,
  deps: ChatDeps,
): void {
  const [name, payload] = data
  const handler = byName.get(name)
  if (handler === undefined || data.length !== 2) {
    fail(session, new MalformedError('unknown event'), id, deps)
    return
  }
  // messages have a limit of their own; everything else may be a question to the database
  const waitMs = handler === append ? 0 : deps.limiter.spendLocally('socketEvent', session.device)
  if (waitMs > 0) {
    fail(session, rateLimited(waitMs), id, deps)
    return
  }
  try {
    const result = handler(session, payload, deps)
    if (!(result instanceof Promise)) return
    result.then(
      (answer: unknown) => {
        if (id !== undefined) session.answer(id, (answer as object | undefined) ?? {})
      },
      (error: unknown) => fail(session, error, id, deps),
    )
  } catch (error) {
    fail(session, error, id, deps)
  }
}

function fail(session: Session, error: unknown, id: number | undefined, deps: ChatDeps): void {
  const known =
    error instanceof Error && error.name === 'ZodError' ? malformed(error) : toProtocolError(error)
  if (known.code === 'internal') deps.log.error('event failed', { code: known.code, error: known.cause })
  if (id === undefined) session.refuse(known)
  else session.answer(id, { error: known.toBody() })
  if (known.code !== 'malformed') return
  const count = (offences.get(session) ?? 0) + 1
  offences.set(session, count)
  if (count > maxOffences) session.close(known)
}

function malformed(cause: unknown): ProtocolError {
  return new ProtocolError('malformed', 'The event does not fit its schema.', { cause })
}
