/** Addresses: cut to their network in the log, and counted by network in limits. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { getRequest, sendRaw } from './raw-request.ts'
import { startStubServices, type StubServices } from './stub-services.ts'
import { startTestGateway, type TestGateway } from './test-gateway.ts'

let services: StubServices
let front: TestGateway
beforeAll(async () => {
  services = await startStubServices()
  front = await startTestGateway({
    ...services,
    tls: { kind: 'proxy', trusted: ['127.0.0.1'] },
    limits: { requestBurst: 2, requestsPerSecond: 1 },
  })
})
afterAll(async () => {
  await front[Symbol.asyncDispose]()
  await services[Symbol.asyncDispose]()
})

const from = async (address: string): Promise<number> =>
  (await sendRaw(front.gateway.httpPort, getRequest('/api/auth/server', { 'X-Forwarded-For': address })))
    .status

test.each([
  ['198.51.100.77', '198.51.100.0'],
  ['2001:db8:1:2:3:4:5:6', '2001:db8:1::'],
  ['2001:db8:aaaa:bbbb::1', '2001:db8:aaaa::'],
  ['2001:db8:cc::9', '2001:db8:cc::'],
  ['2001:db8::7', '2001:db8::'],
  ['::1', '::'],
  ['fe80::1', 'fe80::'],
])('%s is logged as %s', async (address, logged) => {
  expect(await from(address)).toBe(200)
  // written once the answer is out
  const last = async () => (await front.gateway.accessLog()).trim().split('\n').at(-1) ?? ''
  await expect.poll(last).toContain(`"address":"${logged}"`)
  expect(JSON.parse(await last())).toMatchObject({ address: logged, route: 'serverInfo' })
  expect(await front.gateway.accessLog()).not.toContain(`"${address}"`)
})

test('one IPv6 network of /64 is one client, its neighbour another', async () => {
  const burst = Array.from({ length: 12 }, (_, n) => `2001:db8:7:7:a:b:c:${n + 1}`)
  const statuses = await Promise.all(burst.map(from))
  expect(statuses.filter((status) => status === 429).length).toBeGreaterThanOrEqual(1)
  expect(await from('2001:db8:7:8::1')).toBe(200)
  expect(await from('203.0.113.5')).toBe(200)
})
