/** The auth service: registration, login, tokens, devices, profiles, permissions. */
export { administer } from './admin/open-admin.ts'
export type { CommandResult } from './admin/run-command.ts'
export type { AuthConfig, AuthSecrets, SigningKey } from './config.ts'
export { createOpenApi } from './openapi.ts'
export { internalSecretHeader } from './revocation-feed.ts'
export { createSigningKey, loadAuthSecrets } from './secrets.ts'
export { authMigrations, startAuth, type AuthParts, type AuthService } from './start-auth.ts'
