import { encodeWelcomes, limits, type chatRoutes } from '@brieftaube/protocol'
import type { Handler } from '@brieftaube/service-kit'
import { listWelcomes } from '../conversations/welcome-store.ts'
import type { ChatDeps } from '../deps.ts'

const MAX_COUNT = 100

export const welcomeList: Handler<typeof chatRoutes.welcomeList, ChatDeps> = async ({ caller }, deps) => {
  const welcomes = await listWelcomes(deps.pool, caller.device, {
    maxBytes: limits.commitBundleMaxBytes,
    maxCount: MAX_COUNT,
  })
  return { bytes: encodeWelcomes(welcomes) }
}
