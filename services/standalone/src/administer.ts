/** The administrator's commands for a standalone server that is running: its database is found through the data folder. */
import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { administer, loadAuthSecrets, type CommandResult } from '@brieftaube/auth'
import { StartError } from './data-folder.ts'

/** Throws `StartError` when nothing runs on that folder. */
export async function administerStandalone(
  words: readonly string[],
  { dataFolder, address }: { readonly dataFolder: string; readonly address: string },
): Promise<CommandResult> {
  const server = await databaseServer(dataFolder)
  const secrets = path.join(dataFolder, 'secrets')
  const password = (await readFile(path.join(secrets, 'database-password'), 'utf8')).trim()
  const urlOf = (role: string) =>
    `postgres://${role}:${encodeURIComponent(password)}@localhost${server.port}/brieftaube${server.query}`
  const { sealingKey } = await loadAuthSecrets(secrets)
  return administer(words, {
    database: { ownerUrl: urlOf('brieftaube_auth_owner'), appUrl: urlOf('brieftaube_auth') },
    sealingKey,
    address,
  })
}

/** PostgreSQL writes where it listens: line 4 is the port, line 5 the folder of its socket (empty on Windows). */
async function databaseServer(dataFolder: string): Promise<{ port: string; query: string }> {
  const file = path.join(dataFolder, 'database', 'postmaster.pid')
  const text = await readFile(file, 'utf8').catch(() => undefined)
  if (text === undefined)
    throw new StartError(
      `No Brieftaube runs on ${dataFolder}. Start it first, or name its folder with --data.`,
    )
  const lines = text.split('\n').map((line) => line.trim())
  const folder = lines[4] ?? ''
  return folder === ''
    ? { port: `:${lines[3] ?? '5432'}`, query: '' }
    : { port: '', query: `?host=${encodeURIComponent(folder)}` }
}
