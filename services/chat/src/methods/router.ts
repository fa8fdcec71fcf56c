import { createApiRouter } from '@brieftaube/service-kit'
import type { Router } from 'express'
import type { ChatDeps } from '../deps.ts'

export function createChatRouter(_deps: ChatDeps): Router {
  return createApiRouter()
}
