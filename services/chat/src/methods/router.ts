/** REST: one handler per method of the protocol; a missing one does not compile. */
import { chatRoutes } from '@brieftaube/protocol'
import { createApiRouter, mountRoutes, type Handlers } from '@brieftaube/service-kit'
import type { Router } from 'express'
import type { ChatDeps } from '../deps.ts'
import { checkIncarnation } from '../log/check-incarnation.ts'
import { cardSet } from './card-set.ts'
import { commitAppend } from './commit-append.ts'
import { contactChange } from './contact-change.ts'
import { contactList } from './contact-list.ts'
import { conversationCreate } from './conversation-create.ts'
import { conversationLeave } from './conversation-leave.ts'
import { conversationReset } from './conversation-reset.ts'
import { directConversation } from './direct-conversation.ts'
import { groupInfo } from './group-info.ts'
import { keyPackageClaim } from './key-package-claim.ts'
import { keyPackageUpload } from './key-package-upload.ts'
import { logPage } from './log-page.ts'
import { sync } from './sync.ts'
import { welcomeList } from './welcome-list.ts'
import { welcomeTaken } from './welcome-taken.ts'

const handlers: Handlers<typeof chatRoutes, ChatDeps> = {
  conversationCreate,
  conversationReset,
  commitAppend,
  directConversation,
  conversationLeave,
  cardSet,
  logPage,
  groupInfo,
  welcomeList,
  welcomeTaken,
  keyPackageUpload,
  keyPackageClaim,
  contactList,
  contactChange,
  sync,
}

export function createChatRouter(deps: ChatDeps): Router {
  const router = createApiRouter()
  const { log, limiter, tokens, incarnation, metrics } = deps
  const { origins, https, proxies } = deps.config
  mountRoutes(router, '/api/chat', {
    routes: chatRoutes,
    handlers,
    deps,
    http: {
      log,
      limiter,
      tokens,
      origins,
      https,
      proxies,
      metrics,
      // `sync` asks where the log stands, whatever life it is in
      admit: (headers, { name }) => {
        if (name !== chatRoutes.sync.name) checkIncarnation(headers, incarnation)
      },
    },
    options: { queryRoutes: ['logPage', 'welcomeTaken'], ownRates: ['keyPackageClaim'] },
  })
  return router
}
