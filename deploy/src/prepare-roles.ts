/** Creates the database and its roles, as the superuser; every start sets the roles' passwords to those of the files. */
import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { ConfigError, prepareDatabase } from '@brieftaube/service-kit'
import { databaseName } from './secrets.ts'

/** Reads `admin-url` and `database-<role>` in the folder. Throws `ConfigError` when the superuser is refused. */
export async function prepareRoles(folder: string): Promise<void> {
  const read = async (name: string) => (await readFile(path.join(folder, name), 'utf8')).trim()
  const roles = ['brieftaube_auth_owner', 'brieftaube_auth', 'brieftaube_chat_owner', 'brieftaube_chat']
  const passwords = new Map<string, string>()
  for (const role of roles) passwords.set(role, await read(`database-${role}`))
  const passwordOf = (role: string) => passwords.get(role) ?? ''
  try {
    await prepareDatabase({ adminUrl: await read('admin-url'), name: databaseName, passwordOf })
  } catch (cause) {
    // invalid_password, invalid_authorization_specification
    if (!['28P01', '28000'].includes(String((cause as { code?: unknown }).code))) throw cause
    throw new ConfigError(
      'The database refuses the password in the secrets: database and secrets are of different ages. Restore both from one backup (deploy/restore).',
      { cause },
    )
  }
}
