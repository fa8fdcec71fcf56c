/** One server for a while: two people write to each other while its operator does to it what operators do. */
import { mkdir } from 'node:fs/promises'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { Person } from '@brieftaube/e2e'
import { serviceNames, untilUp, type Composition } from '../composition.ts'
import { inContainers, startComposition } from '../start-composition.ts'
import { containerTests } from './containers.ts'

const MIB = 1024 ** 2
let composition: Composition
let alice: Person
let bob: Person

beforeAll(async () => {
  composition = await startComposition()
})

afterAll(async () => {
  for (const person of [alice, bob]) await (person as Person | undefined)?.[Symbol.asyncDispose]()
  await (composition as Composition | undefined)?.[Symbol.asyncDispose]()
})

afterEach(async ({ task }) => {
  if (task.result?.state !== 'fail') return
  await mkdir('.cache/failed', { recursive: true })
  for (const person of [alice, bob] as (Person | undefined)[])
    await person?.photograph(`.cache/failed/${task.id}-${person.name}.png`)
  console.log((await composition.logs()).slice(-10_000))
})

/** Both write; both read. */
async function writeBothWays(about: string): Promise<void> {
  await alice.write(`Alice: ${about}`)
  await bob.write(`Bob: ${about}`)
  await Promise.all([bob.sees(`Alice: ${about}`), alice.sees(`Bob: ${about}`)])
}

test('all five idle in at most 512 MiB', async ({ skip }) => {
  if (!inContainers(composition)) skip('processes share their memory with everything else')
  const memory = await composition.memory()
  const total = [...memory.values()].reduce((sum, bytes) => sum + bytes, 0)
  const parts = [...memory].map(([service, bytes]) => `${service} ${Math.round(bytes / MIB)}`)
  console.log(`Idle memory: ${Math.round(total / MIB)} MiB (${parts.join(', ')})`)
  expect(memory.size).toBe(serviceNames.length)
  expect(total / MIB).toBeLessThanOrEqual(512)
})

containerTests(() => composition)

test('two people sign up and write both ways', async () => {
  ;[alice, bob] = await Promise.all([
    Person.open(composition, { name: 'alice' }),
    Person.open(composition, { name: 'bob' }),
  ])
  await Promise.all([alice.register(), bob.register()])
  await alice.requestContact('bob')
  await bob.acceptContact(alice.displayName)
  await alice.writeTo(bob.displayName)
  await alice.write('Hallo Bob')
  await bob.openChat(alice.displayName)
  await bob.sees('Hallo Bob')
  await writeBothWays('zum ersten Mal')
})

test.each(serviceNames)('%s restarts, and what was written meanwhile arrives', async (service) => {
  await composition.stop(service)
  await alice.write(`geschrieben ohne ${service}`)
  await composition.start(service)
  await untilUp(composition)
  await bob.sees(`geschrieben ohne ${service}`)
  await writeBothWays(`nach ${service}`)
})

test('three chat instances serve as one, and one of them may die', async () => {
  await composition.scaleChat(3)
  await expect.poll(() => composition.chatInstances(), { timeout: 90_000 }).toBe(3)
  await Promise.all([alice.page.reload(), bob.page.reload()])
  await Promise.all([alice.openChat(bob.displayName), bob.openChat(alice.displayName)])
  await writeBothWays('zu dritt')
  await composition.kill('chat')
  await writeBothWays('zu zweit')
})

test('without the cache people write on', async () => {
  await composition.stop('cache')
  await writeBothWays('ohne Redis')
  await composition.start('cache')
  await writeBothWays('wieder mit Redis')
})

test('a backup is restored: everybody logs in, sees that it was, and loses nothing', async () => {
  const backup = await composition.backUp()
  await writeBothWays('nach der Sicherung')
  await composition.restore(backup)
  for (const person of [alice, bob]) await person.logIn()
  await Promise.all([alice.openChat(bob.displayName), bob.openChat(alice.displayName)])
  const restored = /Der Server wurde aus einer älteren Sicherung wiederhergestellt/
  for (const person of [alice, bob]) {
    await person.log.getByText(restored).last().waitFor()
    await person.sees('Alice: nach der Sicherung')
    await person.sees('Bob: nach der Sicherung')
  }
  await writeBothWays('nach der Wiederherstellung')
})

test('no page wrote an error', () => {
  for (const person of [alice, bob]) expect(person.profile.complaints).toEqual([])
})
