/** Every REST method of the chat service, for its router, the OpenAPI document and the access matrix. */
export {
  conversationCreate,
  conversationReset,
  commitAppend,
  directConversation,
  conversationLeave,
  cardSet,
} from './conversations.ts'
export { logPage } from './log-page.ts'
export { groupInfo } from './group-info.ts'
export { welcomeList, welcomeTaken } from './welcomes.ts'
export { keyPackageUpload, keyPackageClaim } from './key-packages.ts'
export { contactList, contactChange } from './contacts.ts'
export { sync } from './sync.ts'
