import { readdir, readFile } from 'node:fs/promises'
import path from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createGroup, openScene, type Person, type Scene } from '@brieftaube/e2e'

const canaries = {
  text: 'Kanarienvogel-Nachricht-7391',
  title: 'Kanarien-Gruppentitel-5512',
  draft: 'Kanarien-Entwurf-8846',
  password: 'Kanarien-Passwort-fliegt-3377-mal',
}

let scene: Scene
let alice: Person
let bob: Person

beforeAll(async () => {
  scene = await openScene('canary')
  alice = await scene.enter({ name: 'alice', password: canaries.password })
  bob = await scene.enter({ name: 'bob' })
  await Promise.all([alice.register(), bob.register()])
  await scene.introduce(alice, bob)
  await alice.write(canaries.text)
  await bob.sees(canaries.text)
  await createGroup(alice, canaries.title, [bob.displayName])
  await alice.write('Seht ihr den Titel?')
  await bob.openChat(canaries.title)
  await alice.composer.fill(canaries.draft)
  await alice.page.waitForTimeout(1_500)
})
afterAll(() => scene[Symbol.asyncDispose]())

test('nothing that was written stands anywhere in the data folder or the log, in any form', async () => {
  const recoveryKey = alice.recoveryKey
  expect(recoveryKey.length).toBeGreaterThan(30)
  await scene.product.stop()
  const places = [
    ...(await filesBelow(scene.dataFolder)),
    { name: 'output', bytes: Buffer.from(scene.product.output()) },
  ]
  // the scanner sees what is there: user names are no secret
  expect(findings(places, 'alice').length).toBeGreaterThan(0)
  expect(places.some((place) => place.name.includes('pg_wal'))).toBe(true)
  for (const canary of [...Object.values(canaries), recoveryKey, recoveryKey.replaceAll('-', '')])
    expect(findings(places, canary), canary).toEqual([])
})

interface Place {
  readonly name: string
  readonly bytes: Buffer
}

function findings(places: readonly Place[], canary: string): string[] {
  const needles = formsOf(canary)
  return places.flatMap((place) =>
    needles.filter((each) => place.bytes.includes(each.bytes)).map((each) => `${place.name} as ${each.form}`),
  )
}

/** Raw, hex and UTF-16, and base64 at each of the three alignments, without the letters that depend on the neighbours. */
function formsOf(canary: string): { form: string; bytes: Buffer }[] {
  const raw = Buffer.from(canary)
  const hex = raw.toString('hex')
  const aligned = [0, 1, 2].flatMap((shift) => {
    const text = Buffer.concat([Buffer.alloc(shift), raw])
      .toString('base64')
      .replace(/=+$/, '')
    const certain = text.slice(shift === 0 ? 0 : shift + 1, Math.floor(((shift + raw.length) * 8) / 6))
    return [certain, certain.replaceAll('+', '-').replaceAll('/', '_')]
  })
  return [
    { form: 'raw', bytes: raw },
    { form: 'UTF-16 LE', bytes: Buffer.from(canary, 'utf16le') },
    { form: 'UTF-16 BE', bytes: Buffer.from(canary, 'utf16le').swap16() },
    { form: 'hex', bytes: Buffer.from(hex) },
    { form: 'HEX', bytes: Buffer.from(hex.toUpperCase()) },
    ...aligned.map((text) => ({ form: 'base64', bytes: Buffer.from(text) })),
  ]
}

async function filesBelow(folder: string): Promise<Place[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  const files = entries
    .filter((entry) => entry.isFile())
    .map((entry) => path.join(entry.parentPath, entry.name))
  return Promise.all(files.map(async (name) => ({ name, bytes: await readFile(name) })))
}
