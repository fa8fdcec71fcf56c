/** `npm run bench [-- --quick] [-- --lanes 2] [-- --profile folder]`: prints the server's numbers and writes them to bench/results. */
import { parseArgs } from 'node:util'
import { printReport, writeReport } from './load/report.ts'
import { measureServer, planServer } from './load/server-benchmark.ts'

const { values } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    lanes: { type: 'string', default: '2' },
    profile: { type: 'string' },
  },
})
const plan = planServer({ quick: values.quick, lanes: Number(values.lanes), profileFolder: values.profile })
const report = await measureServer(plan, (line) => process.stderr.write(`${line}\n`))
const page = printReport(report)
process.stdout.write(`\n${page}\n`)
process.stdout.write(`${writeReport(values.quick ? 'server-quick' : 'server', report, page)}\n`)
process.exit(0)
