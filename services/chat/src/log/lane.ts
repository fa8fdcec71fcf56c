/**
 * A lane appends for its share of the conversations: one batch is on its way, the next collects. A message that comes
 * alone goes at once; under load a short pause between batches makes each worth its cost. Entries of one conversation
 * leave a process in the order of their numbers. Commits and notices are jobs of the same lane, alone between two batches.
 */
import { limits, ProtocolError } from '@brieftaube/protocol'
import { appendBatch, type Draft, type Placed } from './append-store.ts'
import type { Pool } from '../database.ts'

/** Told exactly once: where the draft was placed, or why it was not. */
export type Settle = (outcome: Placed | ProtocolError, draft: Draft) => void

interface Waiting {
  readonly draft: Draft
  readonly settle: Settle
  readonly key: string
}

export interface Lane {
  /** `false`: too much waits already. */
  push(draft: Draft, settle: Settle): boolean
  /** More waits than the next batches take soon: whoever sends had better not be read from. */
  isCrowded(): boolean
  /** Called once, when the lane is no longer crowded. */
  whenRoomy(callback: () => void): void
  /** Runs alone on the lane; rejects with what it throws. */
  run<T>(job: () => Promise<T>): Promise<T>
  /** Resolves when everything that was taken is settled; takes nothing more. */
  drain(): Promise<void>
  /** How many wait. */
  readonly depth: number
}

export interface LaneOptions {
  readonly pool: Pool
  /** Called with what made a batch fail before it is tried again or given up. */
  readonly onFailure: (error: unknown) => void
  readonly onBatch?: ((batch: BatchFacts) => void) | undefined
}

/** One batch that was settled; milliseconds. */
export interface BatchFacts {
  readonly entries: number
  /** Since the first of them was taken. */
  readonly oldestMs: number
  readonly storedMs: number
  /** Answering and handing out. */
  readonly handedMs: number
}

const CROWDED_ENTRIES = 4 * limits.batchMaxEntries
const ROOMY_ENTRIES = limits.batchMaxEntries
/** A busy lane begins a batch no sooner than this after the last one: each costs the database about as much as 20 rows. */
const PACE_MS = 5
/** So many do not wait for more. */
const WORTHWHILE_ENTRIES = 128
const ATTEMPTS = 5
const FIRST_PAUSE_MS = 50

export function createLane(options: LaneOptions): Lane {
  let waiting: Waiting[] = []
  const jobs: (() => Promise<void>)[] = []
  let held: (() => void)[] = []
  let running = false
  let began = Number.NEGATIVE_INFINITY
  let drained: (() => void) | undefined
  let closed = false

  const letGo = (): void => {
    if (held.length === 0 || waiting.length > ROOMY_ENTRIES) return
    const callbacks = held
    held = []
    for (const callback of callbacks) callback()
  }
  const turn = async (): Promise<void> => {
    for (;;) {
      const job = jobs.shift()
      if (job !== undefined) await job()
      if (waiting.length > 0) {
        const early = began + PACE_MS - performance.now()
        if (early > 0 && waiting.length < WORTHWHILE_ENTRIES && jobs.length === 0 && !closed) {
          await new Promise((resolve) => setTimeout(resolve, early))
          continue
        }
        began = performance.now()
        const { batch, rest } = takeBatch(waiting)
        waiting = rest
        await settleBatch(options, batch)
        letGo()
      }
      if (waiting.length === 0 && jobs.length === 0) break
      // whoever has just read from its socket joins the next batch
      await new Promise((resolve) => setImmediate(resolve))
    }
    running = false
    drained?.()
  }
  const wake = (): void => {
    if (running) return
    running = true
    setImmediate(() => void turn())
  }

  return {
    push: (draft, settle) => {
      if (closed || waiting.length >= limits.laneQueueMaxEntries) return false
      waiting.push({ draft, settle, key: `${draft.conversation}${draft.device}${draft.counter}` })
      wake()
      return true
    },
    isCrowded: () => waiting.length >= CROWDED_ENTRIES,
    whenRoomy: (callback) => {
      held.push(callback)
    },
    run: (job) => {
      if (closed) return Promise.reject(new ProtocolError('unavailable', 'The service is stopping.'))
      return new Promise((resolve, reject) => {
        jobs.push(() => job().then(resolve, reject))
        wake()
      })
    },
    get depth() {
      return waiting.length
    },
    drain: () => {
      closed = true
      return running ? new Promise((resolve) => (drained = resolve)) : Promise.resolve()
    },
  }
}

/** As much as one batch may hold. A repetition of a message that is in the batch already waits for the next one. */
function takeBatch(waiting: readonly Waiting[]): { batch: Waiting[]; rest: Waiting[] } {
  const batch: Waiting[] = []
  const rest: Waiting[] = []
  const keys = new Set<string>()
  let bytes = 0
  for (const item of waiting) {
    const size = item.draft.mls.length + item.draft.body.length
    const full =
      batch.length === limits.batchMaxEntries || (batch.length > 0 && bytes + size > limits.batchMaxBytes)
    if (full || keys.has(item.key)) {
      rest.push(item)
      continue
    }
    keys.add(item.key)
    bytes += size
    batch.push(item)
  }
  return { batch, rest }
}

/** The connection may break after the commit: sending the same batch again finds what is stored, so trying again is safe. */
async function settleBatch(options: LaneOptions, batch: readonly Waiting[]): Promise<void> {
  const drafts = batch.map((item) => item.draft)
  const begun = performance.now()
  for (let attempt = 1; ; attempt++) {
    try {
      const placed = await appendBatch(options.pool, drafts)
      settleAll(options, batch, placed, begun)
      return
    } catch (error) {
      options.onFailure(error)
      const isFault = isFaultOfARow(error)
      if (isFault && batch.length > 1) break
      if (isFault || attempt === ATTEMPTS) {
        const refusal = new ProtocolError(isFault ? 'internal' : 'unavailable', 'The log cannot be written.')
        settleAll(
          options,
          batch,
          batch.map(() => refusal),
          begun,
        )
        return
      }
      await new Promise((resolve) => setTimeout(resolve, FIRST_PAUSE_MS * 2 ** attempt))
    }
  }
  // one row that the database does not take must not hold up the others
  const half = Math.ceil(batch.length / 2)
  await settleBatch(options, batch.slice(0, half))
  await settleBatch(options, batch.slice(half))
}

/** What a settlement throws is its own affair: the lane and the others of the batch go on. */
function settleAll(
  options: LaneOptions,
  batch: readonly Waiting[],
  outcomes: readonly (Placed | ProtocolError)[],
  begun: number,
): void {
  const stored = performance.now()
  batch.forEach((item, index) => {
    const outcome = outcomes[index]
    if (outcome === undefined) return
    try {
      item.settle(outcome, item.draft)
    } catch (error) {
      options.onFailure(error)
    }
  })
  options.onBatch?.({
    entries: batch.length,
    oldestMs: Math.max(0, Date.now() - (batch[0]?.draft.at ?? Date.now())),
    storedMs: stored - begun,
    handedMs: performance.now() - stored,
  })
}

/** What was sent cannot be stored, now or later: PostgreSQL's classes 22 and 23, bytes of the wrong form, or a value that cannot be encoded. */
function isFaultOfARow(error: unknown): boolean {
  if (error instanceof RangeError || error instanceof TypeError) return true
  const code = error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : ''
  return /^(2[23]...|08P01)$/.test(code)
}
