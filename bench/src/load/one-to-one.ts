/** Pairs who write to each other: how many messages a second are stored and delivered with p99 below 100 ms. */
import { cpus } from 'node:os'
import type { ChatUnderTest } from './chat-under-test.ts'
import { createPerson, createRoom, inParallel } from './people.ts'
import { machineBusySeconds } from './processes.ts'
import { openTraffic, type Round, type Traffic } from './traffic.ts'

export interface Measured {
  readonly round: Round
  /** Server CPU per stored message: Node and PostgreSQL, in µs. */
  readonly nodeMicroseconds: number
  readonly postgresMicroseconds: number
  /** What this process and the server, and what other programs took of the machine meanwhile; 1 is all cores. */
  readonly ownShare: number
  readonly foreignShare: number
}

export interface Effort {
  /** How often the gap between too slow and too fast is halved. */
  readonly halvings: number
  readonly warmUpMs: number
  readonly probeMs: number
  readonly measureMs: number
}

const P99_LIMIT_MS = 100

export async function openPairs(chat: ChatUnderTest, pairs: number): Promise<Traffic> {
  const rooms = await inParallel(pairs, 4, async () => {
    const members = [await createPerson(chat.server), await createPerson(chat.server)]
    return createRoom(chat.server, members, 'direct')
  })
  return openTraffic(chat.server, rooms)
}

export async function openRoom(chat: ChatUnderTest, size: number): Promise<Traffic> {
  const members = await inParallel(size, 4, () => createPerson(chat.server))
  return openTraffic(chat.server, [await createRoom(chat.server, members, 'group')])
}

function isGood(round: Round, recipients: number): boolean {
  const complete = round.delivered >= round.acknowledged * recipients && round.acknowledged > 0
  return (
    round.keptUp && complete && Object.keys(round.errors).length === 0 && round.delivery.p99Ms < P99_LIMIT_MS
  )
}

/** Doubles until it is too much, then halves the gap; measures at the best rate, and a little below while that fails. */
export async function findHighestRate(
  chat: ChatUnderTest,
  traffic: Traffic,
  { startAt, effort }: { startAt: number; effort: Effort },
): Promise<Measured> {
  await traffic.run({ ratePerSecond: startAt, warmUpMs: 0, measureMs: effort.warmUpMs })
  await chat.analyze()
  // a rate is too high when it fails twice: other programs stumble in between
  const tryRate = async (ratePerSecond: number, again = true): Promise<boolean> => {
    const round = await traffic.run({ ratePerSecond, warmUpMs: 300, measureMs: effort.probeMs })
    return isGood(round, traffic.recipients) || (again && tryRate(ratePerSecond, false))
  }
  let good = 0
  let bad = startAt
  while (await tryRate(bad)) {
    good = bad
    bad = Math.round(bad * 1.6)
  }
  if (good === 0) good = startAt / 2
  for (let step = 0; step < effort.halvings; step++) {
    const middle = Math.round((good + bad) / 2)
    if (await tryRate(middle)) good = middle
    else bad = middle
  }
  for (let rate = Math.round(good); ; rate = Math.round(rate * 0.92)) {
    const measured = await measureAt(chat, traffic, { ratePerSecond: rate, effort })
    if (isGood(measured.round, traffic.recipients) || rate < startAt / 8) return measured
  }
}

export async function measureAt(
  chat: ChatUnderTest,
  traffic: Traffic,
  { ratePerSecond, effort }: { ratePerSecond: number; effort: Effort },
): Promise<Measured> {
  let before = takeStock(chat, traffic)
  const round = await traffic.run({
    ratePerSecond,
    warmUpMs: effort.warmUpMs,
    measureMs: effort.measureMs,
    onMeasure: () => {
      before = takeStock(chat, traffic)
    },
  })
  const after = takeStock(chat, traffic)
  const used = (what: 'node' | 'postgres' | 'own' | 'busy' | 'stored') => after[what] - before[what]
  const stored = Math.max(1, used('stored'))
  const capacity = ((after.atMs - before.atMs) / 1000) * cpus().length
  const own = used('own') + used('node') + used('postgres')
  return {
    round,
    nodeMicroseconds: (used('node') * 1e6) / stored,
    postgresMicroseconds: (used('postgres') * 1e6) / stored,
    ownShare: own / capacity,
    foreignShare: Math.max(0, used('busy') - own) / capacity,
  }
}

function takeStock(chat: ChatUnderTest, traffic: Traffic) {
  const { user, system } = process.cpuUsage()
  return {
    ...chat.cpuSeconds(),
    own: (user + system) / 1e6,
    busy: machineBusySeconds(),
    stored: traffic.stored(),
    atMs: performance.now(),
  }
}
