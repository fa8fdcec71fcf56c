import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { openScene, type Person, type Scene } from '@brieftaube/e2e'

let scene: Scene
let alice: Person
let bob: Person
let laptop: Person

beforeAll(async () => {
  scene = await openScene('devices')
  alice = await scene.enter({ name: 'alice' })
  bob = await scene.enter({ name: 'bob' })
  await Promise.all([alice.register(), bob.register()])
  await scene.introduce(alice, bob)
})
afterEach(async ({ task }) => {
  if (task.result?.state === 'fail') await scene.photograph(task.name)
})
afterAll(() => scene[Symbol.asyncDispose]())

test('a second browser logs in as alice and takes part at once, and everybody is told', async () => {
  laptop = await scene.enter({ name: 'alice', password: alice.password })
  await laptop.logIn()
  await bob.sees('Neues Gerät von Alice Beispiel')
  await alice.sees('Du schreibst jetzt auch von einem neuen Gerät')
  await laptop.openChat(bob.displayName)
  await laptop.write('Vom Laptop')
  await bob.sees('Vom Laptop')
  await alice.sees('Vom Laptop')
  await alice.write('Vom Handy')
  await laptop.sees('Vom Handy')
  await bob.write('An beide')
  await laptop.sees('An beide')
  await alice.sees('An beide')
})

test('signing it out from the first ends it within five seconds, and its leaf is gone before the next message', async () => {
  await alice.revokeOtherDevice()
  const began = Date.now()
  await laptop.page.getByText('Dieses Gerät wurde von einem anderen deiner Geräte abgemeldet.').waitFor()
  expect(Date.now() - began).toBeLessThan(5_000)
  await bob.write('Nur noch ans Handy')
  await bob.sees('Ein Gerät von Alice Beispiel wurde abgemeldet')
  await alice.openChat(bob.displayName)
  await alice.sees('Nur noch ans Handy')
  const lines = await bob.log.innerText()
  expect(lines.indexOf('wurde abgemeldet')).toBeLessThan(lines.indexOf('Nur noch ans Handy'))
})

test('the recovery key opens the account on another browser', async () => {
  const borrowed = await scene.enter({ name: 'bob' })
  await borrowed.logInWithRecoveryKey(bob.recoveryKey, 'Ein neuer Satz mit 9 Tauben darin')
  await borrowed.openChat(alice.displayName)
  await alice.write('Bist du es?')
  await borrowed.sees('Bist du es?')
})

test('no page wrote an error', () => {
  expect(scene.complaints()).toEqual([])
})
