import { afterAll, beforeAll, expect, test } from 'vitest'
import {
  befriend,
  createMiddle,
  has,
  logInElsewhere,
  signUp,
  startServices,
  type Person,
  type Services,
} from '@brieftaube/testkit'

let services: Services
let alice: Person
let bob: Person
const people: Person[] = []
beforeAll(async () => {
  services = await startServices()
  alice = await signUp('alice', { baseUrl: services.url })
  bob = await signUp('bob', { baseUrl: services.url })
  people.push(alice, bob)
  await befriend(alice, bob)
})
afterAll(async () => {
  for (const person of people) await person.stop()
  await services[Symbol.asyncDispose]()
})

async function devicesOf(person: Person, conversation: Parameters<Person['texts']>[0], of: Person) {
  const { members } = await person.until('conversation', { conversation }, () => true)
  return members.find((member) => member.account === of.account)?.devices
}

test('who joins behind a notice that nobody has carried out removes the device before the first message', async () => {
  const { conversation } = await bob.call('openDirect', { account: alice.account })
  await has(alice, conversation)
  await bob.send(conversation, 'vorher')
  await alice.sees(conversation, ['vorher'])
  const stolen = await logInElsewhere(bob, { baseUrl: services.url })
  people.push(stolen)
  await has(stolen, conversation)
  await expect.poll(() => devicesOf(alice, conversation, bob), { timeout: 10_000 }).toBe(2)
  const session = await stolen.until('session', {}, (view) => view.kind === 'signed-in')
  if (session.kind !== 'signed-in') throw new Error('session')
  await alice.stop()
  await bob.call('revokeDevice', { device: session.device })
  await services.running.chat.pollRevocations()
  await bob.stop()
  const middle = createMiddle()
  const lookedUp: string[] = []
  middle.onRequest((url) => {
    if (url.includes('before=')) lookedUp.push(url)
    return url
  })
  const phone = await logInElsewhere(bob, { baseUrl: services.url, fetch: middle.fetch })
  people.push(phone)
  await has(phone, conversation)
  await phone.send(conversation, 'nachher')
  await phone.sees(conversation, ['nachher'])
  // bob's first browser and the phone: the stolen one is gone
  expect(await devicesOf(phone, conversation, bob)).toBe(2)
  expect(lookedUp).toEqual([])
  await alice.restart()
  await alice.sees(conversation, ['vorher', 'nachher'])
  expect(await devicesOf(alice, conversation, bob)).toBe(2)
})
