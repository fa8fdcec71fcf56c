/**
 * One authenticated socket of a device: what it may do, what it watches, and its outbound path with a byte budget.
 * Above `outboundSoftBytes` of unread bytes only "heads moved" is kept for it, above `outboundHardBytes` it is closed:
 * Socket.IO itself would buffer without limit.
 */
import type { Duplex } from 'node:stream'
import {
  encodeAppended,
  idToBytes,
  limits,
  toDevice,
  type AccountId,
  type Appended,
  type ConversationId,
  type DeviceId,
  type ProtocolError,
  type TicketClaims,
} from '@brieftaube/protocol'
import { ackFrame, eventFrame } from './frame.ts'

/** What a session needs of the connection underneath. */
export interface Connection {
  readonly stream: Duplex
  /** Stops and goes on reading what the device sends. */
  pause(): void
  resume(): void
  close(): void
}

export interface HeadHint {
  readonly conversation: ConversationId
  readonly generation: number
  readonly seq: number
}

export class Session {
  readonly account: AccountId
  readonly device: DeviceId
  readonly deviceBytes: Uint8Array
  /** The ticket that opened or last renewed it. */
  claims: TicketClaims
  /** What is on this device's screen. */
  openConversation: ConversationId | undefined
  /** Whose presence it shows. */
  watched: ReadonlySet<AccountId> | undefined
  closed = false
  readonly #connection: Connection
  #acks: Appended[] | undefined
  #behind: Map<ConversationId, HeadHint> | undefined
  #corked = false
  #paused = false

  constructor(claims: TicketClaims, connection: Connection) {
    this.claims = claims
    this.account = claims.sub
    this.device = claims.device
    this.deviceBytes = idToBytes(claims.device)
    this.#connection = connection
  }

  /** Bytes that the device has not taken yet. */
  get bufferedBytes(): number {
    return this.#connection.stream.writableLength
  }

  /** An entry that others share; a slow device learns of its head only. */
  sendEntry(frame: Buffer, head: HeadHint): void {
    if (this.bufferedBytes <= limits.outboundSoftBytes && this.#behind === undefined) this.#write(frame)
    else this.#fallBehind(head)
  }

  /** What may get lost: a slow device does without. */
  sendHint(frame: Buffer): void {
    if (this.bufferedBytes <= limits.outboundSoftBytes) this.#write(frame)
  }

  /** What must not get lost. */
  send(frame: Buffer): void {
    this.#write(frame)
  }

  /** Answers of one tick go out as one frame. */
  acknowledge(answer: Appended): void {
    if (this.#acks === undefined) {
      this.#acks = []
      process.nextTick(() => this.#flushAcks())
    }
    this.#acks.push(answer)
  }

  answer(id: number, payload: object): void {
    this.#write(ackFrame(id, payload))
  }

  refuse(error: ProtocolError): void {
    this.#write(eventFrame(toDevice.refused, error.toBody()))
  }

  /** Whether it was read from until now. */
  pause(): boolean {
    if (this.#paused || this.closed) return false
    this.#paused = true
    this.#connection.pause()
    return true
  }

  resume(): void {
    this.#paused = false
    if (!this.closed) this.#connection.resume()
  }

  /** The last words, then the end. */
  close(reason?: ProtocolError): void {
    if (this.closed) return
    if (reason !== undefined && this.bufferedBytes <= limits.outboundSoftBytes) this.refuse(reason)
    this.closed = true
    this.#connection.close()
  }

  #flushAcks(): void {
    const answers = this.#acks ?? []
    this.#acks = undefined
    this.#write(eventFrame(toDevice.appended, encodeAppended(answers)))
  }

  #write(frame: Buffer): void {
    const { stream } = this.#connection
    if (this.closed || stream.destroyed || !stream.writable) return
    if (stream.writableLength + frame.length > limits.outboundHardBytes) {
      this.close()
      stream.destroy()
      return
    }
    if (!this.#corked) {
      this.#corked = true
      stream.cork()
      process.nextTick(() => {
        this.#corked = false
        stream.uncork()
      })
    }
    stream.write(frame)
  }

  #fallBehind(head: HeadHint): void {
    if (this.#behind === undefined) {
      this.#behind = new Map()
      const { stream } = this.#connection
      if (stream.writableNeedDrain) stream.once('drain', () => this.#catchUp())
      else setImmediate(() => this.#catchUp())
    }
    const known = this.#behind.get(head.conversation)
    if (known === undefined || known.seq < head.seq) this.#behind.set(head.conversation, head)
  }

  #catchUp(): void {
    const heads = [...(this.#behind?.values() ?? [])]
    this.#behind = undefined
    if (heads.length > 0) this.#write(eventFrame(toDevice.heads, { heads }))
  }
}
