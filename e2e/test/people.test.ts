import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import {
  addMember,
  createGroup,
  Person,
  removeMember,
  startProduct,
  temporaryFolder,
  type Product,
} from '@brieftaube/e2e'
import { freePort } from '@brieftaube/service-kit'

let product: Product
let alice: Person
let bob: Person
let carla: Person
const folder = await temporaryFolder('people')
const port = await freePort()

beforeAll(async () => {
  product = await startProduct({ port, dataFolder: folder.path })
  alice = await Person.open(product, { name: 'alice' })
  bob = await Person.open(product, { name: 'bob' })
  carla = await Person.open(product, { name: 'carla' })
})

afterAll(async () => {
  for (const person of [alice, bob, carla]) await person[Symbol.asyncDispose]()
  await product.stop()
  await folder[Symbol.asyncDispose]()
})

afterEach(async ({ task }) => {
  if (task.result?.state !== 'fail') return
  for (const person of [alice, bob, carla])
    await person.photograph(`.cache/failed/${task.id}-${person.name}.png`)
})

test('alice and bob register and write to each other', async () => {
  await Promise.all([alice.register(), bob.register()])
  await alice.requestContact('bob')
  await bob.acceptContact(alice.displayName)
  await alice.writeTo(bob.displayName)
  await alice.write('Hallo Bob, kommst du am Samstag?')
  await bob.openChat(alice.displayName)
  await bob.sees('Hallo Bob, kommst du am Samstag?')
  await bob.write('Ja, gern – ich bringe Kuchen mit.')
  await alice.sees('Ja, gern – ich bringe Kuchen mit.')
})

test('a group with carla: writing, adding and removing', async () => {
  await carla.register()
  await carla.requestContact('alice')
  await alice.acceptContact(carla.displayName)
  await createGroup(alice, 'Sommerfest', [bob.displayName])
  await alice.write('Wer grillt?')
  await bob.openChat('Sommerfest')
  await bob.sees('Wer grillt?')
  await addMember(alice, carla.displayName)
  await alice.sees(`Du hast ${carla.displayName} hinzugefügt`)
  await bob.sees(`${alice.displayName} hat ${carla.displayName} hinzugefügt`)
  await carla.openChat('Sommerfest')
  await bob.write('Willkommen, Carla!')
  await carla.sees('Willkommen, Carla!')
  await carla.write('Danke! Ich grille.')
  await alice.sees('Danke! Ich grille.')
  await removeMember(alice, carla.displayName)
  await bob.sees(`${alice.displayName} hat ${carla.displayName} entfernt`)
  await alice.write('Nur noch wir zwei.')
  await bob.sees('Nur noch wir zwei.')
  await carla.page.getByText('Du bist nicht mehr in dieser Gruppe.').waitFor()
  expect(await carla.log.getByText('Nur noch wir zwei.').count()).toBe(0)
})

test('a reload, a restarted browser and a restarted server keep everything', async () => {
  await bob.page.reload()
  await bob.openChat('Sommerfest')
  await bob.sees('Nur noch wir zwei.')
  await bob.restartBrowser()
  await bob.openChat(alice.displayName)
  await bob.sees('Ja, gern – ich bringe Kuchen mit.')
  expect(await product.stop()).toBe(0)
  await alice.openChat(bob.displayName)
  await alice.write('Geschrieben, während der Server aus war.')
  product = await startProduct({ port, dataFolder: folder.path })
  await bob.sees('Geschrieben, während der Server aus war.')
})

test('the shell and the history open without network, and 200 messages written offline arrive once and in order', async () => {
  await alice.page.evaluate(async () => navigator.serviceWorker.ready.then(() => undefined))
  await alice.profile.context.setOffline(true)
  await alice.page.reload()
  await alice.openChat(bob.displayName)
  await alice.sees('Ja, gern – ich bringe Kuchen mit.')
  const texts = Array.from({ length: 200 }, (_, index) => `offline ${String(index + 1)}`)
  for (const text of texts) await alice.write(text)
  await alice.page.getByText('Du bist offline').first().waitFor()
  await alice.profile.context.setOffline(false)
  await bob.sees('offline 200')
  await bob.page.waitForTimeout(500)
  const received: string[] = []
  // the list is virtualised: walk it from its end to the first of the 200
  await bob.log.getByText('offline 200', { exact: true }).hover()
  for (let step = 0; step < 200 && !received.includes('offline 1'); step++) {
    const shown = await bob.log.getByText(/^offline \d+$/).allTextContents()
    received.unshift(...shown.filter((text) => !received.includes(text)))
    await bob.page.mouse.wheel(0, -400)
    await bob.page.waitForTimeout(40)
  }
  expect(received).toEqual(texts)
  expect(new Set(received).size).toBe(200)
})

test('no page wrote an error', () => {
  for (const person of [alice, bob, carla]) expect(person.profile.complaints).toEqual([])
})
