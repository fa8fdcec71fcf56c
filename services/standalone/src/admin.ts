/** `bin/admin`: the administrator's commands for a standalone server. */
import path from 'node:path'
import { ConfigError } from '@brieftaube/service-kit'
import { administerStandalone } from './administer.ts'
import { StartError } from './data-folder.ts'

const words = process.argv.slice(2)
/** Takes `--name value` out of the words, which are the command's own otherwise. */
function option(name: string, preset: string): string {
  const at = words.indexOf(`--${name}`)
  return at === -1 ? preset : (words.splice(at, 2)[1] ?? preset)
}

const dataFolder = path.resolve(option('data', 'data/standalone'))
const address = option('address', 'http://localhost:8080')
try {
  const { code, lines } = await administerStandalone(words, { dataFolder, address })
  process.stdout.write(`${lines.join('\n')}\n`)
  process.exitCode = code
} catch (error) {
  if (!(error instanceof StartError) && !(error instanceof ConfigError)) throw error
  process.stderr.write(`${error.message}\n`)
  process.exitCode = 1
}
