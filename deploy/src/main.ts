/** The one-shots of the composition: `init` before everything else, `prepare` once the database answers. */
import { ConfigError } from '@brieftaube/service-kit'
import { initialise } from './initialise.ts'
import { containerPlaces } from './places.ts'
import { prepareRoles } from './prepare-roles.ts'

const [task] = process.argv.slice(2)
try {
  if (task === 'init') {
    const { origin, tls, registration } = await initialise(containerPlaces)
    process.stdout.write(
      `Settings and secrets are sound: ${origin}, TLS ${tls}, registration ${registration}.\n`,
    )
  } else if (task === 'prepare') {
    await prepareRoles(containerPlaces.secrets.prepare)
    process.stdout.write('The database and its roles are there.\n')
  } else throw new ConfigError(`There is no task ${String(task)}; there are init and prepare.`)
} catch (error) {
  const text = error instanceof ConfigError ? error.message : error instanceof Error ? error.stack : 'failed'
  process.stderr.write(`${text ?? 'failed'}\n`)
  process.exitCode = 1
}
