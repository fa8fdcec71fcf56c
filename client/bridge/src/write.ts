/** The seat that holds the writer's lock: it runs the core until it leaves. */
import type { CoreHost, Failure } from '@brieftaube/contract'
import { createDesk, type Desk } from './desk.ts'
import { failureOf } from './failure.ts'
import type { Answer } from './messages.ts'
import { randomId } from './random-id.ts'
import { adopt, announce, deliver, type Seat, type Stay } from './seat.ts'

const TRY_AGAIN_AFTER_MS = 1000

/** Holds the writer's lock until this seat leaves. */
export async function write(seat: Seat, { controller, left }: Stay): Promise<void> {
  const leaving = controller.signal
  if (leaving.aborted) return
  seat.starting++
  const host = await startUntilItWorks(seat, leaving)
  seat.starting--
  if (host === undefined) return
  if (leaving.aborted) return host[Symbol.asyncDispose]()
  const term = randomId()
  const desk = createDesk(host, (to, answers) => {
    deliver(seat, term, to, answers)
  })
  adopt(seat, { kind: 'here', term, desk })
  announce(seat, term)
  await left
  desk.close()
  for (const other of seat.others.values()) {
    other.forget()
    other.inbox.close()
  }
  seat.others.clear()
  await host[Symbol.asyncDispose]()
}

/** Whatever is asked while the core cannot start fails with the reason, and is the occasion to try again. */
async function startUntilItWorks(seat: Seat, leaving: AbortSignal): Promise<CoreHost | undefined> {
  while (!leaving.aborted) {
    try {
      return await seat.startCore()
    } catch (error) {
      const failure = failureOf(error)
      if (leaving.aborted) return undefined
      await new Promise<void>((resolve) => {
        const desk = deskWithoutCore(seat, failure, resolve)
        leaving.addEventListener('abort', () => {
          resolve()
        })
        const term = randomId()
        adopt(seat, { kind: 'here', term, desk: desk(term) })
        announce(seat, term)
      })
    }
  }
  return undefined
}

function deskWithoutCore(seat: Seat, failure: Failure, tryAgain: () => void): (term: string) => Desk {
  const since = Date.now()
  return (term) => ({
    take(from, requests) {
      const answers = requests.flatMap((each): Answer[] =>
        each.kind === 'call' ? [{ kind: 'failed', id: each.id, failure }] : [],
      )
      deliver(seat, term, from, [...answers, { kind: 'broken', failure }])
      if (answers.length > 0 && Date.now() - since > TRY_AGAIN_AFTER_MS) tryAgain()
    },
    drop() {},
    close() {},
  })
}
