import { ProtocolError, type chatRoutes } from '@brieftaube/protocol'
import type { Handler } from '@brieftaube/service-kit'
import { z } from 'zod'
import { removeWelcomes } from '../conversations/welcome-store.ts'
import type { ChatDeps } from '../deps.ts'

const querySchema = z.strictObject({
  generation: z.coerce
    .number()
    .int()
    .min(0)
    .max(2 ** 31 - 1),
  epoch: z.coerce.number().int().min(0),
})

export const welcomeTaken: Handler<typeof chatRoutes.welcomeTaken, ChatDeps> = async (
  { caller, params, query },
  deps,
) => {
  const taken = querySchema.safeParse(query)
  if (!taken.success) throw new ProtocolError('malformed', '`generation` and `epoch` name the Welcome.')
  // only rows of the calling device can go: there is nothing to learn or to harm
  await removeWelcomes(deps.pool, caller.device, { conversation: params.conversation, ...taken.data })
}
