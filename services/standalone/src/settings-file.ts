/** What a standalone server remembers between starts: `settings.json` in the data folder. */
import { readFile, rename, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { z } from 'zod'
import { StartError } from './data-folder.ts'

const schema = z.strictObject({ registration: z.enum(['open', 'invite-only']) })
type StandaloneSettings = z.infer<typeof schema>

/** The given mode is remembered; without one the remembered mode holds, and `open` at the first start. */
export async function rememberRegistration(
  folder: string,
  asked: StandaloneSettings['registration'] | undefined,
): Promise<StandaloneSettings['registration']> {
  const file = path.join(folder, 'settings.json')
  const settings = { registration: asked ?? (await readSettings(file))?.registration ?? 'open' } as const
  await writeFile(`${file}.new`, `${JSON.stringify(settings, undefined, 2)}\n`, { mode: 0o600 })
  await rename(`${file}.new`, file)
  return settings.registration
}

async function readSettings(file: string): Promise<StandaloneSettings | undefined> {
  const text = await readFile(file, 'utf8').catch(() => undefined)
  if (text === undefined) return undefined
  try {
    return schema.parse(JSON.parse(text))
  } catch (cause) {
    throw new StartError(
      `${file} is damaged. Mend it or delete it; its content is {"registration": "open" | "invite-only"}.`,
      { cause },
    )
  }
}
