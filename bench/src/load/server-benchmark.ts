/** Every measurement of the server, one after the other, on one chat service and one database. */
import { measureBatchInsert } from './batch-insert.ts'
import { startChatUnderTest, type ChatUnderTest } from './chat-under-test.ts'
import { measureEcho } from './echo.ts'
import { fill } from './fill.ts'
import { measureIdle } from './idle-connections.ts'
import { findHighestRate, measureAt, openPairs, openRoom, type Effort, type Measured } from './one-to-one.ts'
import { describeMachine, type RoomResult, type ServerReport } from './report.ts'
import type { Traffic } from './traffic.ts'

export interface ServerPlan {
  readonly quick: boolean
  readonly lanes: number
  readonly pairs: number
  readonly roomMembers: number
  readonly idleConnections: number
  readonly filledWith: number
  readonly effort: Effort
  readonly profileFolder?: string | undefined
}

export function planServer({
  quick,
  lanes,
  profileFolder,
}: Pick<ServerPlan, 'quick' | 'lanes' | 'profileFolder'>): ServerPlan {
  const common = { quick, lanes, profileFolder }
  return quick
    ? { ...common, pairs: 40, roomMembers: 40, idleConnections: 300, filledWith: 50_000, effort: quickEffort }
    : {
        ...common,
        pairs: 500,
        roomMembers: 100,
        idleConnections: 2000,
        filledWith: 500_000,
        effort: fullEffort,
      }
}

const quickEffort: Effort = { warmUpMs: 500, probeMs: 700, measureMs: 1500, halvings: 1 }
const fullEffort: Effort = { warmUpMs: 5000, probeMs: 3000, measureMs: 15_000, halvings: 3 }

/** What a small message and its row weigh (one of 120 letters). */
const MLS_BYTES = 330
const BODY_BYTES = 256
const STEADY_PER_SECOND = 1000
const START_PER_SECOND = 4000

export async function measureServer(plan: ServerPlan, say: (line: string) => void): Promise<ServerReport> {
  await using chat = await startChatUnderTest(plan)
  say('idle connections …')
  const idle = await measureIdle(chat, plan.idleConnections)
  say(`${String(plan.pairs)} pairs get to know each other …`)
  const traffic = await openPairs(chat, plan.pairs)
  const steady = await measureAt(chat, traffic, { ratePerSecond: STEADY_PER_SECOND, effort: plan.effort })
  const empty = await measureDirect(chat, traffic, { plan, say, filledWith: 0 })
  say(`filling with ${String(plan.filledWith)} messages …`)
  await fill(chat.admin, plan.filledWith)
  const filled = await measureDirect(chat, traffic, { plan, say, filledWith: plan.filledWith })
  traffic.close()
  const room = await measureRoom(chat, plan, say)
  const acknowledged = traffic.stored() + room.stored
  const rows = await chat.storedMessages()
  say('floors …')
  const seconds = plan.effort.measureMs / 1000 / 3
  const insert = await measureBatchInsert(chat.admin, {
    seconds,
    lanes: plan.lanes,
    mlsBytes: MLS_BYTES,
    bodyBytes: BODY_BYTES,
    postgresCpuSeconds: () => chat.cpuSeconds().postgres,
  })
  const ratePerSecond = Math.round(empty.round.ratePerSecond)
  const messageBytes = MLS_BYTES + BODY_BYTES + 60
  const echo = await measureEcho({ ratePerSecond, seconds, messageBytes, connections: 2 * plan.pairs })
  const { quick, lanes } = plan
  const at = new Date().toISOString()
  const direct = [empty, filled]
  return {
    quick,
    at,
    machine: describeMachine(),
    lanes,
    direct,
    steady,
    room: room.result,
    idle,
    echo,
    insert,
    acknowledged,
    rows,
  }
}

async function measureDirect(
  chat: ChatUnderTest,
  traffic: Traffic,
  { plan, say, filledWith }: { plan: ServerPlan; say: (line: string) => void; filledWith: number },
) {
  say(`the highest rate of 1:1 messages, ${filledWith === 0 ? 'empty' : 'filled'} database …`)
  const measured: Measured = await findHighestRate(chat, traffic, {
    startAt: START_PER_SECOND,
    effort: plan.effort,
  })
  say(`  ${String(measured.round.ratePerSecond)}/s, p99 ${measured.round.delivery.p99Ms.toFixed(1)} ms`)
  return { ...measured, filledWith, pairs: plan.pairs }
}

async function measureRoom(
  chat: ChatUnderTest,
  plan: ServerPlan,
  say: (line: string) => void,
): Promise<{ result: RoomResult; stored: number }> {
  say(`a room of ${String(plan.roomMembers)} …`)
  const traffic = await openRoom(chat, plan.roomMembers)
  const measured = await findHighestRate(chat, traffic, { startAt: 100, effort: plan.effort })
  traffic.close()
  return { result: { ...measured, members: plan.roomMembers }, stored: traffic.stored() }
}
