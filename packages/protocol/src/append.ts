/** The two hot binary payloads of the socket: a device's append and the server's coalesced answers. */
import { Reader, Writer, MalformedError, type Bytes } from './bytes.ts'
import { errorCodes, type ErrorCode } from './errors.ts'
import { idBytes, idFromBytes, idToBytes, type ConversationId } from './ids.ts'
import { limits } from './limits.ts'

/** conversation 16 · generation u32 · epoch u64 · counter u64 · mls block · body block */
export interface Append {
  readonly conversation: ConversationId
  readonly generation: number
  readonly epoch: number
  /** The sending device's own rising counter; with the device it names the message. */
  readonly counter: number
  readonly mls: Bytes
  readonly body: Bytes
}

export function encodeAppend(append: Append): Bytes {
  return new Writer(64 + append.mls.length + append.body.length)
    .raw(idToBytes(append.conversation))
    .u32(append.generation)
    .u64(append.epoch)
    .u64(append.counter)
    .block(append.mls)
    .block(append.body)
    .finish()
}

/** Throws `MalformedError`. */
export function decodeAppend(bytes: Uint8Array): Append {
  const { mls, body, ...fields } = viewAppend(bytes)
  return { ...fields, mls: Uint8Array.from(mls), body: Uint8Array.from(body) }
}

/** The same without copies: `mls` and `body` are views into `bytes`. Throws `MalformedError`. */
export function viewAppend(bytes: Uint8Array): Append {
  const reader = new Reader(bytes)
  const append = {
    conversation: idFromBytes<ConversationId>(reader.raw(idBytes)),
    generation: reader.u32(),
    epoch: reader.u64(),
    counter: reader.u64(),
    mls: reader.blockView(limits.mlsMessageMaxBytes),
    body: reader.blockView(limits.bodyMaxBytes),
  }
  reader.end()
  return append
}

/** The answer to one append; `head` fields tell where the log stands (for `stale-epoch` and the like). */
export interface Appended {
  readonly conversation: ConversationId
  readonly counter: number
  /** Absent: it is stored at `seq`, `at`. */
  readonly error?: ErrorCode | undefined
  readonly seq: number
  readonly at: number
  readonly generation: number
  readonly epoch: number
  readonly retryAfterMs: number
}

/** Any number of answers, 57 bytes each: conversation 16 · counter u64 · error u8 (255: none) · seq · at · generation · epoch · retry u32. */
export function encodeAppended(answers: readonly Appended[]): Bytes {
  const writer = new Writer(answers.length * 57)
  for (const answer of answers) {
    writer
      .raw(idToBytes(answer.conversation))
      .u64(answer.counter)
      .u8(answer.error === undefined ? 255 : errorCodes.indexOf(answer.error))
      .u64(answer.seq)
      .u64(answer.at)
      .u32(answer.generation)
      .u64(answer.epoch)
      .u32(answer.retryAfterMs)
  }
  return writer.finish()
}

export function decodeAppended(bytes: Uint8Array): Appended[] {
  const reader = new Reader(bytes)
  const answers: Appended[] = []
  while (reader.left > 0) answers.push(readAppended(reader))
  return answers
}

function readAppended(reader: Reader): Appended {
  const conversation = idFromBytes<ConversationId>(reader.raw(idBytes))
  const counter = reader.u64()
  const code = reader.u8()
  const error = code === 255 ? undefined : errorCodes[code]
  if (code !== 255 && error === undefined) throw new MalformedError('unknown error code')
  const rest = {
    seq: reader.u64(),
    at: reader.u64(),
    generation: reader.u32(),
    epoch: reader.u64(),
    retryAfterMs: reader.u32(),
  }
  return { conversation, counter, error, ...rest }
}
