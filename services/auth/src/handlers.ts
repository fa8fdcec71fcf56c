/** One handler per method; a missing one does not compile. */
import type { authRoutes } from '@brieftaube/protocol'
import type { Handlers } from '@brieftaube/service-kit'
import type { AuthDeps } from './deps.ts'
import { accountLookup } from './handlers/account-lookup.ts'
import { accountProfiles } from './handlers/account-profiles.ts'
import { deviceEnrol } from './handlers/device-enrol.ts'
import { deviceList } from './handlers/device-list.ts'
import { deviceRename } from './handlers/device-rename.ts'
import { deviceRevoke } from './handlers/device-revoke.ts'
import { inviteCreate } from './handlers/invite-create.ts'
import { inviteList } from './handlers/invite-list.ts'
import { inviteRemove } from './handlers/invite-remove.ts'
import { jwks } from './handlers/jwks.ts'
import { loginFinish } from './handlers/login-finish.ts'
import { loginRecovery } from './handlers/login-recovery.ts'
import { loginStart } from './handlers/login-start.ts'
import { logout } from './handlers/logout.ts'
import { openApi } from './handlers/open-api.ts'
import { passwordFinish } from './handlers/password-finish.ts'
import { passwordStart } from './handlers/password-start.ts'
import { pictureGet } from './handlers/picture-get.ts'
import { pictureRemove } from './handlers/picture-remove.ts'
import { pictureSet } from './handlers/picture-set.ts'
import { profileUpdate } from './handlers/profile-update.ts'
import { registrationFinish } from './handlers/registration-finish.ts'
import { registrationStart } from './handlers/registration-start.ts'
import { serverInfo } from './handlers/server-info.ts'
import { socketTicket } from './handlers/socket-ticket.ts'
import { tokenRefresh } from './handlers/token-refresh.ts'

export const handlers: Handlers<typeof authRoutes, AuthDeps> = {
  registrationStart,
  registrationFinish,
  loginStart,
  loginFinish,
  loginRecovery,
  deviceEnrol,
  deviceList,
  deviceRename,
  deviceRevoke,
  tokenRefresh,
  logout,
  socketTicket,
  passwordStart,
  passwordFinish,
  accountLookup,
  accountProfiles,
  profileUpdate,
  pictureSet,
  pictureRemove,
  pictureGet,
  inviteCreate,
  inviteList,
  inviteRemove,
  serverInfo,
  jwks,
  openApi,
}
