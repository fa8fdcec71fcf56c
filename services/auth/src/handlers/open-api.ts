import type { openApi as route } from '@brieftaube/protocol'
import type { Handler } from '@brieftaube/service-kit'
import type { AuthDeps } from '../deps.ts'

export const openApi: Handler<typeof route, AuthDeps> = (_call, deps) => deps.openApi
