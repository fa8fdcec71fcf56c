/** The server comes back from an older backup: clients say so, keep what they have, and go on together. */
import { createReadStream, createWriteStream, mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { ConversationId } from '@brieftaube/protocol'
import { backUp as takeBackup, checkBackup, restore } from '@brieftaube/deploy'
import { generateX25519Identity, identityToRecipient } from 'age-encryption'
import {
  befriend,
  has,
  signUp,
  startServices,
  testPassword,
  type Person,
  type Services,
} from '@brieftaube/testkit'

let services: Services
let alice: Person
let bob: Person
let carla: Person
/** Nothing changes in it after the backup but messages. */
let steady: ConversationId
/** carla is removed from it after the backup. */
let moved: ConversationId
/** Made after the backup. */
let later: ConversationId
const texts = (prefix: string, count: number) =>
  Array.from({ length: count }, (_, index) => `${prefix} ${String(index + 1)}`)

beforeAll(async () => {
  services = await startServices()
  alice = await signUp('alice', { baseUrl: services.url })
  bob = await signUp('bob', { baseUrl: services.url })
  carla = await signUp('carla', { baseUrl: services.url })
  await befriend(alice, bob)
  await befriend(alice, carla)
  await befriend(bob, carla)
})
afterAll(async () => {
  for (const person of [alice, bob, carla]) await person.stop()
  await services[Symbol.asyncDispose]()
})

const folder = mkdtempSync(path.join(tmpdir(), 'restore-'))
const file = path.join(folder, 'backup.age')
const writeSecrets = () => {
  const { signingKeys, opaqueServerSetup, sealingKey, pepper, internalSecret } = services.secrets
  const lines = signingKeys.map((key) => JSON.stringify(key)).join('\n')
  const texts = { opaqueServerSetup, sealingKey, pepper, internalSecret }
  writeFileSync(path.join(folder, 'signing-keys'), lines)
  for (const [name, text] of Object.entries(texts))
    writeFileSync(
      path.join(
        folder,
        name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`),
      ),
      text,
    )
}

let identity = ''

/** While the services run. */
async function backUp(): Promise<void> {
  identity = await generateX25519Identity()
  writeSecrets()
  const { auth, chat } = services.database
  const to = createWriteStream(file)
  await takeBackup({
    urls: { auth: auth.ownerUrl, chat: chat.ownerUrl },
    secrets: folder,
    recipient: await identityToRecipient(identity),
    to,
  })
  await new Promise((resolve) => to.end(resolve))
}

async function goBack(replace: boolean): Promise<Map<string, string>> {
  const secrets = new Map<string, string>()
  const { auth, chat } = services.database
  await restore({
    identity,
    from: createReadStream(file),
    databases: { auth, chat },
    replace,
    putSecret: async (name, text) => void secrets.set(name, text),
  })
  return secrets
}

const isRestored = ({ messages }: { messages: readonly { kind: string; event?: { kind: string } }[] }) =>
  messages.some((message) => message.kind === 'system' && message.event?.kind === 'restored')

test(
  'fifty messages and a removal later the server is restored, and nobody loses a word',
  { timeout: 120_000 },
  async () => {
    steady = (await alice.call('createGroup', { title: 'Stetig', members: [bob.account, carla.account] }))
      .conversation
    moved = (await alice.call('createGroup', { title: 'Bewegt', members: [bob.account, carla.account] }))
      .conversation
    for (const person of [bob, carla]) for (const group of [steady, moved]) await has(person, group)
    await alice.send(steady, 'vor der Sicherung')
    await bob.send(moved, 'vor der Sicherung')
    for (const person of [alice, bob, carla])
      for (const group of [steady, moved]) await person.sees(group, ['vor der Sicherung'])
    await backUp()

    // a window that stays open keeps all that came into it
    const stop = alice.core.watch('messages', { conversation: steady }, () => undefined)
    const lost = texts('verloren', 50)
    for (const [index, text] of lost.entries()) await [alice, bob][index % 2]?.send(steady, text)
    for (const person of [alice, bob, carla])
      await person.until('messages', { conversation: steady }, ({ messages }) =>
        lost.every((text) => messages.some((each) => each.kind === 'text' && each.text === text)),
      )
    await alice.call('removeMember', { conversation: moved, account: carla.account })
    await bob.until('conversation', { conversation: moved }, ({ members }) => members.length === 2)
    await alice.send(moved, 'ohne carla')
    await bob.sees(moved, ['vor der Sicherung', 'ohne carla'])
    later = (await bob.call('createGroup', { title: 'Später', members: [alice.account] })).conversation
    await has(alice, later)
    await bob.send(later, 'danach')
    await alice.sees(later, ['danach'])

    const seen = await alice.texts(steady)
    await expect(goBack(false)).rejects.toThrow(/services still run/)
    await services.running.close()
    // written while nobody answers: it goes out after all of this
    await carla.send(steady, 'unterwegs')
    await alice.send(moved, 'auch unterwegs')
    await expect(goBack(false)).rejects.toThrow(/--replace/)
    expect((await goBack(true)).get('pepper')).toBe(services.secrets.pepper)
    await services.restart()
    for (const person of [alice, bob, carla]) {
      await person.until('session', {}, ({ kind }) => kind === 'signed-out')
      await person.call('logIn', { userName: person.name, password: testPassword, deviceName: 'the same' })
    }
    for (const person of [alice, bob, carla])
      for (const group of [steady, moved]) await person.until('messages', { conversation: group }, isRestored)
    for (const person of [alice, bob]) {
      await person.until('messages', { conversation: later }, isRestored)
      expect(await person.texts(later)).toEqual(['danach'])
    }
    expect(seen).toHaveLength(51)
    await alice.call('loadOlder', { conversation: steady, beforeSeq: 1 })
    await expect.poll(async () => (await alice.texts(steady)).slice(0, seen.length)).toEqual(seen)
    stop()

    for (const person of [alice, bob, carla]) await has(person, moved)
    // who joined again after it was sent has a placeholder in its place, never nothing
    for (const person of [alice, bob, carla])
      await person.until('messages', { conversation: moved }, ({ messages }) =>
        messages.some(
          (each) =>
            each.seq !== undefined &&
            ((each.kind === 'text' && each.text === 'auch unterwegs') ||
              (each.kind === 'broken' && person !== alice)),
        ),
      )

    await bob.send(steady, 'wieder da')
    await carla.send(steady, 'ich auch')
    await alice.send(moved, 'und hier')
    await carla.send(moved, 'ich bin wieder drin')
    for (const person of [alice, bob, carla]) {
      await person.until('messages', { conversation: steady }, ({ messages }) =>
        ['unterwegs', 'wieder da', 'ich auch'].every((text) =>
          messages.some((each) => each.kind === 'text' && each.text === text),
        ),
      )
      await person.until('messages', { conversation: moved }, ({ messages }) =>
        ['und hier', 'ich bin wieder drin'].every((text) =>
          messages.some((each) => each.kind === 'text' && each.text === text),
        ),
      )
    }
    const { messages } = await bob.until('messages', { conversation: moved }, () => true)
    expect(JSON.stringify(messages)).toContain('restored-members')
  },
)

test('a backup opens with its key alone, and damage is noticed before anything is touched', async () => {
  expect(readFileSync(file).includes('alice')).toBe(false)
  const opened = await checkBackup({ identity, from: createReadStream(file) })
  expect(Math.abs(opened.at - Date.now())).toBeLessThan(600_000)
  const other = await generateX25519Identity()
  await expect(checkBackup({ identity: other, from: createReadStream(file) })).rejects.toThrow(/another key/)
  const bytes = readFileSync(file)
  const changed = Uint8Array.from(bytes)
  changed[bytes.length - 1000] = (changed[bytes.length - 1000] ?? 0) ^ 1
  for (const damaged of [changed, bytes.subarray(0, -100), bytes.subarray(0, 70_000)])
    await expect(checkBackup({ identity, from: chunked(damaged) })).rejects.toThrow()
})

async function* chunked(bytes: Uint8Array) {
  for (let at = 0; at < bytes.length; at += 50_000) yield bytes.subarray(at, at + 50_000)
}
