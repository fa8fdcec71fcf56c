import type { chatRoutes } from '@brieftaube/protocol'
import type { Handler } from '@brieftaube/service-kit'
import { listContacts } from '../contacts/contact-store.ts'
import type { ChatDeps } from '../deps.ts'

export const contactList: Handler<typeof chatRoutes.contactList, ChatDeps> = async ({ caller }, deps) => ({
  contacts: await listContacts(deps.pool, caller.account),
})
