/** `npm run bench -- [server] [client] [--quick] [--lanes 2] [--profile folder]`: prints the numbers and, unless in a hurry, writes them to bench/results. */
import { parseArgs } from 'node:util'
import { measureClient, printClientReport } from './client/client-benchmark.ts'
import { printReport, writeReport } from './load/report.ts'
import { measureServer, planServer } from './load/server-benchmark.ts'

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    quick: { type: 'boolean', default: false },
    lanes: { type: 'string', default: '2' },
    /** A folder for CPU profiles of the chat service. */
    profile: { type: 'string' },
  },
})
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(130))
const { quick, lanes, profile } = values
const asked = (what: string): boolean => positionals.length === 0 || positionals.includes(what)

if (asked('server')) {
  const plan = planServer({ quick, lanes: Number(lanes), profileFolder: profile })
  const report = await measureServer(plan, (line) => process.stderr.write(`${line}\n`))
  show('server', report, printReport(report))
}
if (asked('client')) {
  const report = await measureClient(quick ? 20 : 200)
  show('client', report, printClientReport(report))
}
process.exit(0)

function show(name: string, report: object, page: string): void {
  process.stdout.write(`\n${page}\n`)
  if (!quick) process.stdout.write(`${writeReport(name, report, page)}\n`)
}
