/** What was measured, as JSON and as a page to read. */
import { mkdirSync, writeFileSync } from 'node:fs'
import { cpus, totalmem } from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import type { InsertCost } from './batch-insert.ts'
import type { EchoCost } from './echo.ts'
import type { IdleCost } from './idle-connections.ts'
import type { Measured } from './one-to-one.ts'

interface DirectResult extends Measured {
  /** Messages that were in the database before. */
  readonly filledWith: number
  readonly pairs: number
}

export interface RoomResult extends Measured {
  readonly members: number
}

export interface ServerReport {
  readonly quick: boolean
  readonly at: string
  readonly machine: string
  readonly lanes: number
  readonly direct: readonly DirectResult[]
  readonly steady: Measured
  readonly room: RoomResult
  readonly idle: IdleCost
  readonly echo: EchoCost
  readonly insert: InsertCost
  readonly acknowledged: number
  readonly rows: number
}

export function describeMachine(): string {
  const [cpu] = cpus()
  const memory = Math.round(totalmem() / 2 ** 30)
  return `${String(cpus().length)} × ${cpu?.model ?? 'CPU'}, ${String(memory)} GiB, Node ${process.versions.node}`
}

export function printReport(report: ServerReport): string {
  const { direct, steady, room, idle, echo, insert } = report
  const best = direct[0]
  const share = best === undefined ? 0 : best.round.ratePerSecond / insert.rowsPerSecond
  return [
    `# Server, ${report.at.slice(0, 10)}${report.quick ? ' (quick)' : ''}`,
    '',
    `${report.machine}. Generator, chat service and PostgreSQL (fsync on) share the machine. Open loop; latency from the`,
    `intended send time to the arrival at the other device; ${String(report.lanes)} lanes.`,
    '',
    '| measured | result |',
    '| --- | --- |',
    ...direct.map(
      (each) =>
        `| 1:1 messages/s stored and delivered at p99 < 100 ms, ${each.filledWith === 0 ? 'empty database' : `${String(each.filledWith)} messages before`} | **${count(each.round.ratePerSecond)}** (p50 ${formatMs(each.round.delivery.p50Ms)}, p99 ${formatMs(each.round.delivery.p99Ms)}) |`,
    ),
    ...direct.map((each) => `| server CPU per message at that rate | ${cost(each)} |`),
    `| at ${count(steady.round.ratePerSecond)}/s: latency p50 / p99, CPU per message | ${formatMs(steady.round.delivery.p50Ms)} / ${formatMs(steady.round.delivery.p99Ms)}, ${cost(steady)} |`,
    `| room of ${String(room.members)}: deliveries/s at p99 < 100 ms | **${count(room.round.ratePerSecond * (room.members - 1))}** (${count(room.round.ratePerSecond)} messages/s, p99 ${formatMs(room.round.delivery.p99Ms)}) |`,
    `| room: server CPU per delivery | ${((room.nodeMicroseconds + room.postgresMicroseconds) / (room.members - 1)).toFixed(1)} µs |`,
    `| memory per idle authenticated connection, of ${count(idle.connections)} | **${(idle.residentBytes / 1024).toFixed(1)} KB** resident, ${(idle.heapBytes / 1024).toFixed(1)} KB of it held by JavaScript |`,
    `| messages acknowledged / rows in PostgreSQL | ${count(report.acknowledged)} / ${count(report.rows)} |`,
    '',
    ...foreignLoad(direct),
    '',
    'Beside it, in the same run:',
    '',
    '| floor | result |',
    '| --- | --- |',
    `| bare \`ws\` echo of the same size at ${count(echo.ratePerSecond)}/s | ${echo.microseconds.toFixed(1)} µs CPU each, p99 ${formatMs(echo.latency.p99Ms)} |`,
    `| \`unnest\` inserts of the same rows without sockets | ${count(insert.rowsPerSecond)} rows/s, ${insert.nodeMicroseconds.toFixed(1)} µs Node + ${insert.postgresMicroseconds.toFixed(1)} µs PostgreSQL each |`,
    `| messages/s as a share of those inserts | ${share.toFixed(2)} |`,
    '',
    'Synthetic: tokens are signed by the benchmark, limits per device are lifted, and messages are copies of one sealed',
    'message per conversation with other counters and bodies. Real: key packages, contacts, groups and commits over REST,',
    'tickets, sockets, checks, log, fan-out.',
    '',
  ].join('\n')
}

function cost({ nodeMicroseconds, postgresMicroseconds }: Measured): string {
  const sum = nodeMicroseconds + postgresMicroseconds
  return `**${sum.toFixed(0)} µs** (Node ${nodeMicroseconds.toFixed(0)}, PostgreSQL ${postgresMicroseconds.toFixed(0)})`
}

/** Numbers of a busy machine say nothing about the server, except what each message costs. */
function foreignLoad(direct: readonly DirectResult[]): string[] {
  const busy = Math.max(...direct.map((each) => each.foreignShare)) > FOREIGN_SHARE_MAX
  const taken = shares(direct.map((each) => each.foreignShare))
  const own = shares(direct.map((each) => each.ownShare))
  return [
    `While the highest rates were measured, other programs took ${taken} of the machine, server and generator ${own}.`,
    ...(busy
      ? ['', '**This machine was not quiet: rates and latencies are too pessimistic; do not compare them.**']
      : []),
  ]
}

const FOREIGN_SHARE_MAX = 0.15
const shares = (values: readonly number[]): string =>
  values.map((value) => `${(value * 100).toFixed(0)} %`).join(' and ')
const count = (value: number): string => Math.round(value).toLocaleString('en-US')
export function formatMs(milliseconds: number): string {
  return `${milliseconds.toFixed(1)} ms`
}

const results = fileURLToPath(new URL('../../results', import.meta.url))

export function writeReport(name: string, report: object, page: string): string {
  mkdirSync(results, { recursive: true })
  const file = path.join(results, `${new Date().toISOString().slice(0, 10)}-${name}`)
  writeFileSync(`${file}.json`, `${JSON.stringify(report, undefined, 2)}\n`)
  writeFileSync(`${file}.md`, page)
  return `${file}.md`
}
