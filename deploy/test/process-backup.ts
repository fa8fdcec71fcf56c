/** Backup and restore where there are no containers: the same code, without the scripts around it. */
import { createReadStream, createWriteStream } from 'node:fs'
import { readFile, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { backUp, restore, type Places } from '@brieftaube/deploy'
import { generateX25519Identity, identityToRecipient } from 'age-encryption'
import type { Backup } from './composition.ts'

export async function takeBackup(folder: string, places: Places): Promise<Backup> {
  const identity = await generateX25519Identity()
  const file = path.join(folder, 'story.age')
  const to = createWriteStream(file)
  const { auth, chat } = await databasesOf(places)
  await backUp({
    urls: { auth: auth.ownerUrl, chat: chat.ownerUrl },
    secrets: places.secrets.master,
    recipient: await identityToRecipient(identity),
    to,
  })
  await new Promise((resolve) => to.end(resolve))
  await writeFile(`${file}.key`, identity, { mode: 0o600 })
  return { file, key: `${file}.key` }
}

export async function restoreBackup(places: Places, { file, key }: Backup): Promise<void> {
  await restore({
    identity: await readFile(key, 'utf8'),
    from: createReadStream(file),
    databases: await databasesOf(places),
    replace: true,
    putSecret: (name, text) => writeFile(path.join(places.secrets.master, name), text),
  })
}

async function databasesOf(places: Places) {
  const read = async (service: 'auth' | 'chat', name: string) =>
    (await readFile(path.join(places.secrets[service], name), 'utf8')).trim()
  const of = async (service: 'auth' | 'chat') => ({
    ownerUrl: await read(service, 'database-owner-url'),
    appUrl: await read(service, 'database-url'),
  })
  return { auth: await of('auth'), chat: await of('chat') }
}
