/** The hot statement: a batch of messages down in binary, a batch of answers up. */
import type { Bytes, ConversationId, DeviceId } from '@brieftaube/protocol'
import type { Pool } from '../database.ts'
import { elementTypes, encodeBytesArray, encodeInt4Array, encodeInt8Array } from './binary-array.ts'

/** A message on its way into the log, with everything that is known before its number. */
export interface Draft {
  readonly conversation: ConversationId
  readonly conversationBytes: Uint8Array
  readonly generation: number
  readonly epoch: number
  readonly device: DeviceId
  readonly deviceBytes: Uint8Array
  readonly counter: number
  readonly at: number
  readonly digest: Uint8Array
  readonly mls: Bytes
  readonly body: Bytes
}

export const appendStatus = {
  stored: 0,
  missing: 1,
  repeated: 2,
  conflict: 3,
  stale: 4,
  commitRequired: 5,
} as const

/** `seq`, `at`: of the stored entry when it is stored or repeated, else the head's and 0. */
export interface Placed {
  readonly status: number
  readonly seq: number
  readonly at: number
  readonly generation: number
  readonly epoch: number
}

interface Answers {
  readonly statuses: number[]
  readonly seqs: number[]
  readonly stored_ats: number[]
  readonly head_generations: number[]
  readonly head_epochs: number[]
}

const APPEND = 'select * from append_messages($1, $2, $3, $4, $5, $6, $7, $8, $9)'
const APPEND_FRESH = 'select * from append_fresh($1, $2, $3, $4, $5, $6, $7, $8, $9)'
const UNIQUE_VIOLATION = '23505'
/** `{1,2,3}` and `t`; the driver reads answers as text only. */
const answerTypes = {
  getTypeParser: () => (text: string) =>
    text.startsWith('{') ? text.slice(1, -1).split(',').map(Number) : text === 't',
}

/**
 * One transaction. No two drafts of one batch may have the same conversation, device and counter. Most batches hold only
 * new messages of the present epoch; only the others are compared with what is stored.
 */
export async function appendBatch(pool: Pool, drafts: readonly Draft[]): Promise<Placed[]> {
  const values = encodeBatch(drafts)
  return (await appendFresh(pool, drafts, values)) ?? appendJudged(pool, drafts, values)
}

/** `undefined`: nothing was written, because some message was stored before or does not fit the head. */
async function appendFresh(
  pool: Pool,
  drafts: readonly Draft[],
  values: readonly Buffer[],
): Promise<Placed[] | undefined> {
  try {
    const query = { name: 'append-fresh', text: APPEND_FRESH, values: [...values], types: answerTypes }
    const { rows } = await pool.query<{ fresh: boolean; seqs: number[] }>(query)
    const answer = rows[0]
    if (answer?.fresh !== true) return undefined
    return drafts.map(({ at, generation, epoch }, index) => {
      const seq = answer.seqs[index] ?? 0
      return { status: appendStatus.stored, seq, at, generation, epoch }
    })
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === UNIQUE_VIOLATION) return undefined
    throw error
  }
}

async function appendJudged(
  pool: Pool,
  drafts: readonly Draft[],
  values: readonly Buffer[],
): Promise<Placed[]> {
  const query = { name: 'append', text: APPEND, values: [...values], types: answerTypes }
  const { rows } = await pool.query<Answers>(query)
  const answers = rows[0]
  if (answers?.statuses.length !== drafts.length) throw new Error('the batch was not answered in full')
  return answers.statuses.map((status, index) => ({
    status,
    seq: answers.seqs[index] ?? 0,
    at: answers.stored_ats[index] ?? 0,
    generation: answers.head_generations[index] ?? 0,
    epoch: answers.head_epochs[index] ?? 0,
  }))
}

function encodeBatch(drafts: readonly Draft[]): Buffer[] {
  const { uuid, bytea } = elementTypes
  return [
    encodeBytesArray(
      uuid,
      drafts.map((draft) => draft.conversationBytes),
    ),
    encodeInt4Array(drafts.map((draft) => draft.generation)),
    encodeInt8Array(drafts.map((draft) => draft.epoch)),
    encodeBytesArray(
      uuid,
      drafts.map((draft) => draft.deviceBytes),
    ),
    encodeInt8Array(drafts.map((draft) => draft.counter)),
    encodeInt8Array(drafts.map((draft) => draft.at)),
    encodeBytesArray(
      bytea,
      drafts.map((draft) => draft.digest),
    ),
    encodeBytesArray(
      bytea,
      drafts.map((draft) => draft.mls),
    ),
    encodeBytesArray(
      bytea,
      drafts.map((draft) => draft.body),
    ),
  ]
}
