/** `npm start`. */
import { closeOnSignals, ConfigError } from '@brieftaube/service-kit'
import { readArguments, type Arguments } from './arguments.ts'
import { StartError } from './data-folder.ts'
import { startStandalone } from './start-standalone.ts'

const parsed = readArguments(process.argv.slice(2), process.cwd())
switch (parsed.kind) {
  case 'say':
    console.log(parsed.text)
    break
  case 'refuse':
    console.error(parsed.text)
    process.exitCode = 2
    break
  case 'start':
    await start(parsed.arguments)
    break
}

async function start(options: Arguments): Promise<void> {
  try {
    const server = await startStandalone(options)
    closeOnSignals(server)
    const lines = [
      `Brieftaube is ready: ${server.address}`,
      server.registration === 'open'
        ? 'Anybody who reaches it may register.'
        : 'People need an invitation to register.',
      ...(server.adminLink === undefined
        ? []
        : [`Become its administrator (works once): ${server.adminLink}`]),
      'Ctrl+C stops it.',
    ]
    console.log(lines.join('\n'))
    if (options.publicOrigin === undefined && options.host !== '127.0.0.1')
      console.warn(
        'Browsers encrypt only on https or on localhost: other machines need a proxy with TLS (--public https://…).',
      )
  } catch (error) {
    if (!(error instanceof StartError) && !(error instanceof ConfigError)) throw error
    console.error(error.message)
    process.exitCode = 1
  }
}
