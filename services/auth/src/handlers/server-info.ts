import { protocolVersion, type serverInfo as route } from '@brieftaube/protocol'
import type { Handler } from '@brieftaube/service-kit'
import type { AuthDeps } from '../deps.ts'

export const serverInfo: Handler<typeof route, AuthDeps> = (_call, { config }) => ({
  name: config.serverName,
  registration: config.registration,
  protocolVersion,
  version: config.version,
})
