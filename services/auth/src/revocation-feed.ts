/** The revocation feed between the services: a path that the gateway never routes, and a shared secret on top. */
import { createHash, timingSafeEqual } from 'node:crypto'
import { ProtocolError, revocationPageSchema, revocationsPath, type Revocation } from '@brieftaube/protocol'
import { createApiRouter, replyWithError, type Log } from '@brieftaube/service-kit'
import type { Router } from 'express'
import { z } from 'zod'

/** Carries the shared secret. */
export const internalSecretHeader = 'x-brieftaube-internal'

const querySchema = z.strictObject({ after: z.coerce.number().int().min(0) })

export function createRevocationFeed(parts: {
  after: (id: number) => Promise<Revocation[]>
  secret: string
  log: Log
}): Router {
  const { after, secret, log } = parts
  const router = createApiRouter()
  router.get(revocationsPath, async (request, response) => {
    try {
      const presented = request.headers[internalSecretHeader]
      if (typeof presented !== 'string' || !sameSecret(presented, secret)) {
        throw new ProtocolError('not-found', 'There is nothing here.')
      }
      const query = querySchema.safeParse(request.query)
      if (!query.success) throw new ProtocolError('malformed', 'The query does not fit.')
      const page = revocationPageSchema.parse({ revocations: await after(query.data.after) })
      response.setHeader('cache-control', 'no-store')
      response.json(page)
    } catch (error) {
      replyWithError(request, response, error, { log, requestId: 'internal', route: 'revocations' })
    }
  })
  return router
}

/** By their hashes, which have one length. */
function sameSecret(presented: string, secret: string): boolean {
  const hash = (text: string) => createHash('sha256').update(text).digest()
  return timingSafeEqual(hash(presented), hash(secret))
}
