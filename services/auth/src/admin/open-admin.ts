/** The administrator's commands on a database, beside the running service. */
import type { AuthConfig } from '../config.ts'
import { openDatabase } from '../database.ts'
import { createSealer } from '../sealing.ts'
import { runAdminCommand, type CommandResult } from './run-command.ts'

/** Runs one command and closes what it opened. */
export async function administer(
  words: readonly string[],
  config: Pick<AuthConfig, 'database'> & { readonly sealingKey: string; readonly address: string },
): Promise<CommandResult> {
  const db = openDatabase(config.database, 1)
  try {
    const sealer = createSealer(config.sealingKey)
    return await runAdminCommand(words, { db, sealer, now: Date.now, address: config.address })
  } finally {
    await db.pool.end()
  }
}
