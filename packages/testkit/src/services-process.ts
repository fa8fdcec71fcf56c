/** Both services as a process of their own, so that it can be killed. Told what to do by one line of JSON. */
import { runServices, type ServiceParts } from './services.ts'

const parts = JSON.parse(process.env['BRIEFTAUBE_TEST_PARTS'] ?? '{}') as ServiceParts
await runServices(parts)
process.stdout.write('ready\n')
