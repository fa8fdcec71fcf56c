import { expect, test } from 'vitest'
import { parseRedisAddress } from '../src/cache-redis-address.ts'
import { slotOf } from '../src/cache-redis-connect.ts'

test('one address is one server', () => {
  expect(parseRedisAddress('/run/redis/socket\n')).toEqual({ kind: 'path', path: '/run/redis/socket' })
  expect(parseRedisAddress('redis://cache')).toEqual({
    kind: 'single',
    server: { host: 'cache', port: 6379 },
    login: { tls: false },
  })
  expect(parseRedisAddress('rediss://brieftaube:p%40ss@cache.example.org:80/')).toEqual({
    kind: 'single',
    server: { host: 'cache.example.org', port: 80 },
    login: { username: 'brieftaube', password: 'p@ss', tls: true },
  })
})

test('several addresses, or the scheme of a Cluster, are a Cluster with one login', () => {
  const login = { username: 'brieftaube', password: 'secret', tls: false }
  const servers = [
    { host: 'a', port: 7000 },
    { host: '::1', port: 7001 },
  ]
  const cluster = { kind: 'cluster', servers, login }
  expect(parseRedisAddress('redis-cluster://brieftaube:secret@a:7000,[::1]:7001')).toEqual(cluster)
  expect(parseRedisAddress('redis://brieftaube:secret@a:7000\nredis://brieftaube:secret@[::1]:7001')).toEqual(
    cluster,
  )
  expect(parseRedisAddress('redis-cluster://a')).toMatchObject({ servers: [{ host: 'a', port: 6379 }] })
})

test.each([
  '',
  'cache:6379',
  'http://cache',
  'redis://@',
  'redis://a:99999',
  'redis://a/0',
  'redis://u:p@a redis://u:q@b',
])('%j stops the start without repeating it', (text) => {
  expect(() => parseRedisAddress(text)).toThrow('The address of Redis has the wrong form')
  if (text !== '') expect(() => parseRedisAddress(text)).not.toThrow(text)
})

test('a key belongs to the slot that the specification of Redis Cluster names', () => {
  expect(slotOf('123456789')).toBe(0x31c3 % 16_384)
})
