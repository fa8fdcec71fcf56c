import { Redis } from 'ioredis'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { redisAclRules, redisUserName, startRedisCache } from '../src/index.ts'
import { cacheContract } from './cache-contract.ts'
import { sha256, startTestRedis, type TestRedis } from './redis-server.ts'

const password = 'the-password-of-this-test'
let redis: TestRedis
let url: string
beforeAll(async () => {
  redis = await startTestRedis({ acl: redisAclRules({ passwordSha256: sha256(password) }), port: true })
  url = `redis://${redisUserName}:${password}@127.0.0.1:${String(redis.port)}`
})
afterAll(async () => {
  await redis[Symbol.asyncDispose]()
})

cacheContract('Redis, as the user that may do the least,', () => startRedisCache({ url }))

/** The last: Redis 7 refuses DEBUG to everybody before it looks who asks. */
const refusals = /NOPERM|can't run this command|can't access|DEBUG command not allowed/

const forbidden: readonly (readonly [command: string, ...args: string[]])[] = [
  ['flushall'],
  ['flushdb'],
  ['config', 'get', '*'],
  ['debug', 'sleep', '0'],
  ['keys', '*'],
  ['scan', '0'],
  ['shutdown', 'nosave'],
  ['acl', 'list'],
  ['client', 'list'],
  ['monitor'],
  ['replicaof', 'no', 'one'],
  ['get', 'somebody-elses'],
  ['set', 'somebody-elses', '1'],
  ['spublish', 'somebody-elses', '1'],
  ['publish', 'brieftaube:presence', '1'],
  ['eval', "return redis.call('keys', '*')", '0'],
  ['eval', "return redis.call('get', KEYS[1])", '1', 'somebody-elses'],
]

test.each(forbidden.map((words) => ({ words, title: words.join(' ') })))(
  'the services’ user may not $title',
  async ({ words: [command, ...args] }) => {
    const client = new Redis(url, { lazyConnect: true, disableClientInfo: true, retryStrategy: () => null })
    await client.connect()
    await expect(client.call(command, ...args)).rejects.toThrow(refusals)
    client.disconnect()
  },
)

test('nobody is let in without a name', async () => {
  const client = new Redis(redis.url, { lazyConnect: true, retryStrategy: () => null })
  client.on('error', () => undefined)
  await expect(client.connect().then(() => client.get('brieftaube:x'))).rejects.toThrow()
  client.disconnect()
})

test('a wrong password stops the start, and the message does not repeat it', async () => {
  const wrong = startRedisCache({ url: url.replace(password, 'not-the-password') })
  await expect(wrong).rejects.toThrow('Redis refuses the name or the password')
  await expect(wrong).rejects.not.toThrow('not-the-password')
})
