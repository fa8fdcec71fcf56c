import { applyNotice } from '@brieftaube/encryption'
import { decodeJoinPoint, decodeWelcomes } from '@brieftaube/protocol'
import { afterAll, beforeAll, expect, test } from 'vitest'
import {
  befriend,
  call,
  claim,
  commit,
  createFurtherDevice,
  createPerson,
  foundGroup,
  ok,
  readLog,
  revokeStatement,
  takeSeat,
  type Person,
} from './test-people.ts'
import { startTestChat, type TestChat } from './test-server.ts'

let chat: TestChat
let alice: Person
let bob: Person
let carla: Person
beforeAll(async () => {
  chat = await startTestChat()
  ;[alice, bob, carla] = await Promise.all([createPerson(chat), createPerson(chat), createPerson(chat)])
  await befriend(alice, bob)
  await befriend(alice, carla)
})
afterAll(() => chat.close())

test('whoever is let in while a removal waits gets the notice with the Welcome or the join point', async () => {
  const revoked = [await createFurtherDevice(chat, bob.vault), await createFurtherDevice(chat, bob.vault)]
  const [a] = await foundGroup(alice, [bob])
  if (a === undefined) throw new Error('seat')
  const path = `/api/chat/conversations/${a.conversation}/group-info`
  const point = async () => decodeJoinPoint((await call(chat, 'GET', path, { as: bob })).bytes)
  expect((await point()).notices).toEqual([])
  for (const each of revoked) {
    const { account, device } = each
    chat.revoke({ kind: 'device-revoked', account, device, at: Date.now(), statement: revokeStatement(each) })
  }
  await chat.chat.pollRevocations()
  const [first, second] = (await readLog(alice, a.conversation)).filter((entry) => entry.kind === 'notice')
  if (first === undefined || second === undefined) throw new Error('notices')
  expect((await point()).notices).toEqual([first.mls, second.mls])
  // alice knows of one of the two only, removes that one and lets carla in
  a.state = ok(applyNotice(a.state, first.mls)).state
  expect((await commit(a, { adds: await claim(alice, [carla.account]) })).status).toBe(200)
  const welcomes = decodeWelcomes((await call(chat, 'GET', '/api/chat/welcomes', { as: carla })).bytes)
  expect(welcomes.map((each) => each.notices)).toEqual([[second.mls]])
  const c = await takeSeat(carla, a.conversation)
  c.state = ok(applyNotice(c.state, second.mls)).state
  expect((await commit(c, {})).status).toBe(200)
  expect((await point()).notices).toEqual([])
})
