/** `brieftaube-admin`, in the auth service's container and with its settings. */
import { administer } from './admin/open-admin.ts'
import { readAuthConfig } from './read-auth-config.ts'

const { auth } = await readAuthConfig(process.env)
const { code, lines } = await administer(process.argv.slice(2), {
  database: auth.database,
  sealingKey: auth.secrets.sealingKey,
  address: auth.origins[0] ?? '',
})
process.stdout.write(`${lines.join('\n')}\n`)
process.exitCode = code
