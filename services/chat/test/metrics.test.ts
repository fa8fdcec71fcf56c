/** What /metrics says is what has happened, and the API never shows it. */
import { createServer } from 'node:http'
import { closeServer, listen } from '@brieftaube/service-kit'
import express from 'express'
import { afterAll, beforeAll, expect, test } from 'vitest'
import {
  befriend,
  commitOf,
  connect,
  createPerson,
  foundGroup,
  postCommit,
  sealed,
  send,
} from './test-people.ts'
import { startTestChat, type TestChat } from './test-server.ts'

let chat: TestChat
let operations: ReturnType<typeof createServer>
let url = ''
beforeAll(async () => {
  chat = await startTestChat()
  operations = createServer(express().use(chat.chat.operationsRouter))
  url = `http://127.0.0.1:${String(await listen(operations, 0, '127.0.0.1'))}`
})
afterAll(async () => {
  await closeServer(operations, 0)
  await chat.close()
})

async function scrape(): Promise<string> {
  return (await fetch(`${url}/metrics`)).text()
}

function valueOf(text: string, name: string): number {
  const line = text.split('\n').find((each) => each.startsWith(`${name} `))
  return Number(line?.split(' ').at(-1) ?? Number.NaN)
}

test('messages, sockets, refusals and lost races are counted', async () => {
  const alice = await createPerson(chat)
  const bob = await createPerson(chat)
  await befriend(alice, bob)
  const [seat] = await foundGroup(alice, [bob])
  if (seat === undefined) throw new Error('seat')
  const socket = await connect(alice)
  for (const text of ['eins', 'zwei', 'drei']) await send(socket, await sealed(seat, text))
  const wrong = { ...(await sealed(seat, 'vier')), epoch: 7 }
  expect(await send(socket, wrong)).toMatchObject({ error: 'malformed' })
  const { bundle } = await commitOf(seat, {})
  expect(await postCommit(seat, { ...bundle, epoch: 9 })).not.toMatchObject({ status: 200 })

  const text = await scrape()
  expect(valueOf(text, 'brieftaube_messages_total')).toBe(3)
  expect(valueOf(text, 'brieftaube_ack_seconds_count')).toBe(valueOf(text, 'brieftaube_batch_entries_count'))
  expect(valueOf(text, 'brieftaube_batch_entries_sum')).toBe(3)
  expect(valueOf(text, 'brieftaube_sockets')).toBe(1)
  expect(valueOf(text, 'brieftaube_lane_depth')).toBe(0)
  expect(valueOf(text, 'brieftaube_append_refused_total{code="malformed"}')).toBe(1)
  expect(text).toMatch(/brieftaube_http_request_seconds_count\{route="commitAppend",outcome="[a-z-]+"\} 1/)
  expect(valueOf(text, 'brieftaube_key_packages_left')).toBeGreaterThanOrEqual(0)
  expect(text).toContain('nodejs_eventloop_lag_p99_seconds')
  for (const { account, device } of [alice, bob]) {
    expect(text).not.toContain(account)
    expect(text).not.toContain(device)
  }
  socket.close()
})

test('the API knows neither metrics nor health', async () => {
  for (const path of ['/metrics', '/readyz', '/livez', '/api/chat/metrics'])
    expect((await fetch(chat.url + path)).status).toBe(404)
})
