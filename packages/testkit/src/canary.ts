/** Looks for what must never be readable outside a device: raw, in base64, hex and UTF-16. */
import { readdir, readFile } from 'node:fs/promises'
import path from 'node:path'

/** Every spelling of `secret` that a leak may have; base64 in its three alignments, without the letters that vary. */
export function spellingsOf(secret: string): Map<string, Buffer> {
  const raw = Buffer.from(secret, 'utf8')
  const spellings = new Map<string, Buffer>([
    ['raw', raw],
    ['hex', Buffer.from(raw.toString('hex'))],
    ['HEX', Buffer.from(raw.toString('hex').toUpperCase())],
    ['utf16le', Buffer.from(secret, 'utf16le')],
    ['utf16be', Buffer.from(secret, 'utf16le').swap16()],
  ])
  for (const shift of [0, 1, 2]) {
    const padded = Buffer.concat([Buffer.alloc(shift), raw]).toString('base64')
    const stable = padded.slice(shift === 0 ? 0 : 4, padded.length - 4)
    spellings.set(`base64+${String(shift)}`, Buffer.from(stable))
    spellings.set(`base64url+${String(shift)}`, Buffer.from(stable.replaceAll('+', '-').replaceAll('/', '_')))
  }
  return spellings
}

export interface Leak {
  readonly secret: string
  readonly spelling: string
  readonly where: string
}

/** `secrets` need 12 letters or more, so that chance plays no part. */
export function findLeaks(where: string, bytes: Buffer, secrets: readonly string[]): Leak[] {
  return secrets.flatMap((secret) => {
    if (secret.length < 12) throw new Error('a canary is longer')
    return [...spellingsOf(secret)]
      .filter(([, spelling]) => bytes.includes(spelling))
      .map(([spelling]) => ({ secret, spelling, where }))
  })
}

/** Every file below `folder`, read as it lies on disk (a database's tables and its write-ahead log). */
export async function findLeaksBelow(folder: string, secrets: readonly string[]): Promise<Leak[]> {
  const leaks: Leak[] = []
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  for (const entry of entries) {
    if (!entry.isFile()) continue
    const file = path.join(entry.parentPath, entry.name)
    leaks.push(...findLeaks(file, await readFile(file), secrets))
  }
  return leaks
}
