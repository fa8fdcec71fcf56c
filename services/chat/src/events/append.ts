/** A message on its way into the log: checked, queued on its lane, answered when it is committed. */
import {
  encodeEntry,
  limits,
  MalformedError,
  ProtocolError,
  toDevice,
  viewAppend,
  type Append,
  type ErrorCode,
} from '@brieftaube/protocol'
import { decodeMessageFrame } from '@brieftaube/group-policy'
import { maySend, type Route } from '../conversations/route.ts'
import type { ChatDeps } from '../deps.ts'
import { appendStatus, type Draft, type Placed } from '../log/append-store.ts'
import { draftOf, entryOf } from '../log/draft.ts'
import { framedEvent } from '../socket/frame.ts'
import type { Session } from '../socket/session.ts'

type Where = Partial<Pick<Placed, 'seq' | 'at' | 'generation' | 'epoch'>> & { readonly retryAfterMs?: number }

export function append(session: Session, payload: unknown, deps: ChatDeps): void {
  if (!(payload instanceof Uint8Array)) throw new MalformedError('append carries bytes')
  const message = viewAppend(payload)
  const waitMs = deps.limiter.spendLocally('message', session.device)
  if (waitMs > 0) {
    refuse(session, message, deps, 'rate-limited', { retryAfterMs: waitMs })
    return
  }
  if (!isFrameOf(message)) {
    refuse(session, message, deps, 'malformed')
    return
  }
  const known = deps.routes.peek(message.conversation)
  // a cached route older than the sender's view cannot tell who may send there
  const isBehind = known !== undefined && isBeyond(message, known)
  if (known !== undefined && !isBehind) {
    enqueue(session, message, known, deps)
    return
  }
  deps.routes.get(message.conversation, isBehind).then(
    (route) =>
      route === undefined
        ? refuse(session, message, deps, 'not-found')
        : enqueue(session, message, route, deps),
    (error: unknown) => {
      deps.log.warn('route not loaded', { error })
      refuse(session, message, deps, 'unavailable')
    },
  )
}

/** Whether the message names a state of the group that the route has not come to. */
function isBeyond(message: Append, route: Route): boolean {
  return (
    message.generation > route.generation ||
    (message.generation === route.generation && message.epoch > route.epoch)
  )
}

/** What the ciphertext's frame says about itself is what the request says about it. */
function isFrameOf(message: Append): boolean {
  try {
    const { groupId, epoch } = decodeMessageFrame(message.mls)
    const { conversation, generation } = groupId
    return (
      conversation === message.conversation && generation === message.generation && epoch === message.epoch
    )
  } catch {
    return false
  }
}

function enqueue(session: Session, message: Append, route: Route, deps: ChatDeps): void {
  if (!route.members.has(session.account)) {
    refuse(session, message, deps, 'not-found')
    return
  }
  if (!maySend(route, session)) {
    refuse(session, message, deps, 'forbidden')
    return
  }
  // no such state exists, whatever the number: nothing of it goes near the lane
  if (isBeyond(message, route)) {
    refuse(session, message, deps, 'stale-epoch', { generation: route.generation, epoch: route.epoch })
    return
  }
  const draft = draftOf(message, session, Date.now())
  const lane = deps.lanes.of(message.conversation)
  const taken = lane.push(draft, (outcome) => settle(session, draft, outcome, { route, deps }))
  if (!taken) refuse(session, message, deps, 'busy', { retryAfterMs: limits.receiptFlushMs })
  // what is not read waits at the sender: answering it "busy" costs as much as storing it
  if (lane.isCrowded() && session.pause()) lane.whenRoomy(() => session.resume())
}

const refusals: Readonly<Record<number, ErrorCode>> = {
  [appendStatus.missing]: 'not-found',
  [appendStatus.conflict]: 'conflict',
  [appendStatus.stale]: 'stale-epoch',
  [appendStatus.commitRequired]: 'commit-required',
}

function settle(
  session: Session,
  draft: Draft,
  outcome: Placed | ProtocolError,
  { route, deps }: { route: Route; deps: ChatDeps },
): void {
  if (outcome instanceof ProtocolError) {
    refuse(session, draft, deps, outcome.code)
    return
  }
  const refusal = refusals[outcome.status]
  if (refusal !== undefined) {
    if (outcome.status === appendStatus.stale) deps.routes.forget(draft.conversation)
    refuse(session, draft, deps, refusal, outcome)
    return
  }
  const { conversation, counter } = draft
  const { seq, at, generation, epoch } = outcome
  session.acknowledge({ conversation, counter, seq, at, generation, epoch, retryAfterMs: 0 })
  if (outcome.status === appendStatus.stored) deliver(session, draft, outcome, { route, deps })
}

function deliver(
  session: Session,
  draft: Draft,
  placed: Placed,
  { route, deps }: { route: Route; deps: ChatDeps },
): void {
  const { conversation, generation } = draft
  const send = (current: Route): void => {
    const framed = framedEvent(toDevice.entry, encodeEntry(entryOf(draft, placed)))
    const about = { conversation, generation, seq: placed.seq }
    deps.fanOut.deliver({ kind: 'entry', accounts: [...current.members], ...framed, about }, session)
  }
  if (route.epoch === draft.epoch && route.generation === generation) {
    send(route)
    return
  }
  // it was stored in another epoch than the one that was looked up: others may be members by now
  deps.routes.get(conversation, true).then(
    (current) => current && send(current),
    (error: unknown) => deps.log.warn('entry not delivered', { error }),
  )
}

function refuse(
  session: Session,
  { conversation, counter }: Pick<Append, 'conversation' | 'counter'>,
  { metrics }: Pick<ChatDeps, 'metrics'>,
  error: ErrorCode,
  where: Where = {},
): void {
  const { seq = 0, at = 0, generation = 0, epoch = 0, retryAfterMs = 0 } = where
  metrics.countRefusedAppend(error)
  session.acknowledge({ conversation, counter, error, seq, at, generation, epoch, retryAfterMs })
}
