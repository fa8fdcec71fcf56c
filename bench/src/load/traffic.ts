/** Members of rooms on their sockets: who sends next, and what became of each message. */
import { hrtime } from 'node:process'
import { encodeAppend, errorCodes, toServer, type ErrorCode } from '@brieftaube/protocol'
import { eventFrame, openChatSocket, type ChatSocket } from './chat-socket.ts'
import { createHistogram, type Histogram, type Summary } from './histogram.ts'
import { inParallel, type Person, type Room, type Server } from './people.ts'
import { runOpenLoop } from './open-loop.ts'

export interface Round {
  readonly ratePerSecond: number
  readonly keptUp: boolean
  readonly seconds: number
  readonly sent: number
  readonly acknowledged: number
  readonly delivered: number
  readonly errors: Readonly<Record<string, number>>
  readonly ack: Summary
  readonly delivery: Summary
}

export interface Traffic {
  /** Every message is delivered so often. */
  readonly recipients: number
  /** Acknowledged as stored since the beginning. */
  readonly stored: () => number
  /** What is sent within `warmUpMs` is not measured. */
  run(plan: {
    ratePerSecond: number
    warmUpMs: number
    measureMs: number
    onMeasure?: () => void
  }): Promise<Round>
  close(): void
}

interface Sender {
  readonly socket: ChatSocket
  readonly template: Buffer
  readonly counterAt: number
  readonly bodyAt: number
  readonly intended: Float64Array
  counter: number
}

const ANSWER_BYTES = 57
const NO_ERROR = 255
const KEPT = 1 << 14
const noteworthy = new Set(['heads', 'refused', 'closed'])
/** entry: fields before the mls block, its length, marker and length of the body. */
const ENTRY_FIXED_BYTES = 69 + 4 + 5

export async function openTraffic(server: Server, rooms: readonly Room[]): Promise<Traffic> {
  const tally = createTally()
  // one member of every room after the other, so that no room gets two messages in a row
  const most = Math.max(...rooms.map((room) => room.members.length))
  const seats = Array.from({ length: most }, (_, place) =>
    rooms.flatMap((room) => room.members.slice(place, place + 1).map((person) => ({ room, person }))),
  ).flat()
  const senders = await inParallel(seats.length, 32, (index) => {
    const seat = seats[index]
    if (seat === undefined) throw new Error('no seat')
    return seatDown(server, seat, tally)
  })
  let turn = 0
  const send = (intendedMs: number): void => {
    const sender = senders[turn]
    turn = (turn + 1) % senders.length
    if (sender !== undefined) sendFrom(sender, intendedMs, tally)
  }
  return {
    recipients: (rooms[0]?.members.length ?? 1) - 1,
    stored: () => tally.stored,
    run: async ({ ratePerSecond, warmUpMs, measureMs, onMeasure }) => {
      const began = performance.now()
      tally.begin(began + warmUpMs, began + warmUpMs + measureMs)
      const timer = onMeasure && setTimeout(onMeasure, warmUpMs)
      const keptUp = await runOpenLoop({
        ratePerSecond,
        durationMs: warmUpMs + measureMs,
        send,
        unanswered: () => tally.sent - tally.answered,
      })
      clearTimeout(timer)
      await settled(tally)
      return tally.round(ratePerSecond, keptUp, measureMs / 1000)
    },
    close: () => {
      tally.closing = true
      for (const { socket } of senders) socket.close()
    },
  }
}

/** What is under way arrives, or does not within some seconds. */
async function settled(tally: Tally): Promise<void> {
  const until = performance.now() + 5000
  while (tally.answered < tally.sent && performance.now() < until)
    await new Promise((resolve) => setTimeout(resolve, 20))
  await new Promise((resolve) => setTimeout(resolve, 200))
}

async function seatDown(
  server: Server,
  { room, person }: { room: Room; person: Person },
  tally: Tally,
): Promise<Sender> {
  const { account, device } = person
  const intended = new Float64Array(KEPT)
  const bodyAtEntry = ENTRY_FIXED_BYTES + room.mls.length
  const socket = await openChatSocket({
    port: server.port,
    origin: server.origin,
    ticket: server.issuer.ticket(account, device.device),
    onEvent: (name, bytes) => {
      if (name === 'entry') tally.delivered(bytes.readDoubleBE(bodyAtEntry))
      else if (name === 'appended') readAnswers(bytes, intended, tally)
      else if (noteworthy.has(name)) tally.failed(name)
    },
  })
  const { conversation, generation, epoch, mls, body } = room
  const append = encodeAppend({ conversation, generation, epoch, counter: 0, mls, body })
  const { frame, offset } = eventFrame(toServer.append, append)
  // counters above those of earlier runs on the same database
  const counter = Number(hrtime.bigint() / 1000n)
  return {
    socket,
    template: frame,
    counterAt: offset + 28,
    bodyAt: offset + 36 + 4 + mls.length + 4,
    intended,
    counter,
  }
}

function sendFrom(sender: Sender, intendedMs: number, tally: Tally): void {
  sender.counter += 1
  sender.intended[sender.counter % KEPT] = intendedMs
  const frame = Buffer.from(sender.template)
  frame.writeBigUInt64BE(BigInt(sender.counter), sender.counterAt)
  frame.writeDoubleBE(intendedMs, sender.bodyAt)
  tally.sent += 1
  sender.socket.raw.write(frame)
}

function readAnswers(bytes: Buffer, intended: Float64Array, tally: Tally): void {
  for (let at = 0; at < bytes.length; at += ANSWER_BYTES) {
    const counter = bytes.readUInt32BE(at + 16) * 2 ** 32 + bytes.readUInt32BE(at + 20)
    const error = bytes.readUInt8(at + 24)
    tally.acknowledged(intended[counter % KEPT] ?? 0, error === NO_ERROR ? undefined : errorCodes[error])
  }
}

interface Tally {
  sent: number
  answered: number
  stored: number
  closing: boolean
  begin(fromMs: number, untilMs: number): void
  acknowledged(intendedMs: number, error: ErrorCode | undefined): void
  delivered(intendedMs: number): void
  failed(what: string): void
  round(ratePerSecond: number, keptUp: boolean, seconds: number): Round
}

function createTally(): Tally {
  let window = { from: 0, until: 0 }
  let [ack, delivery]: [Histogram, Histogram] = [createHistogram(), createHistogram()]
  let errors: Record<string, number> = {}
  const isMeasured = (intendedMs: number): boolean => intendedMs >= window.from && intendedMs < window.until
  const tally: Tally = {
    sent: 0,
    answered: 0,
    stored: 0,
    closing: false,
    begin: (from, until) => {
      window = { from, until }
      ack = createHistogram()
      delivery = createHistogram()
      errors = {}
      tally.sent = 0
      tally.answered = 0
    },
    acknowledged: (intendedMs, error) => {
      tally.answered += 1
      if (error === undefined) tally.stored += 1
      else tally.failed(error)
      if (isMeasured(intendedMs)) ack.record(performance.now() - intendedMs)
    },
    delivered: (intendedMs) => {
      if (isMeasured(intendedMs)) delivery.record(performance.now() - intendedMs)
    },
    failed: (what) => {
      if (!tally.closing) errors[what] = (errors[what] ?? 0) + 1
    },
    round: (ratePerSecond, keptUp, seconds) => ({
      ratePerSecond,
      keptUp,
      seconds,
      sent: tally.sent,
      acknowledged: ack.summary().count,
      delivered: delivery.summary().count,
      errors,
      ack: ack.summary(),
      delivery: delivery.summary(),
    }),
  }
  return tally
}
