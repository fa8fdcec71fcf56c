import { createLog, networkOf, truncateAddress } from '@brieftaube/service-kit'
import { expect, test } from 'vitest'

function capture() {
  const lines: string[] = []
  const log = createLog({
    service: 'test',
    level: 'debug',
    destination: { write: (line) => void lines.push(line) },
  })
  return {
    log,
    last: () => JSON.parse(lines.at(-1) ?? '{}') as Record<string, unknown>,
    all: () => lines.join(''),
  }
}

test('only allow-listed fields are written', () => {
  const { log, last } = capture()
  const sneaked: object = { requestId: 'r1', status: 200, token: 'abc', body: { text: 'hello' } }
  log.info('done', sneaked)
  expect(last()).toMatchObject({ msg: 'done', requestId: 'r1', status: 200, service: 'test' })
  expect(last()).not.toHaveProperty('token')
  expect(last()).not.toHaveProperty('body')
})

test('an error keeps its name, code and frames, and loses tokens, credentials and row values', () => {
  const { log, last, all } = capture()
  const jwt = 'eyJhbGciOiJFZERTQSJ9.eyJzdWIiOiJhbGljZSJ9.c2lnbmF0dXJl'
  const cause = new Error(`connect postgres://owner:hunter2@db/x failed with ${jwt}`)
  const error = Object.assign(new Error('insert failed', { cause }), {
    code: '23505',
    detail: 'Key (user_name)=(alice)',
  })
  log.error('request failed', { error })
  expect(last()['error']).toMatchObject({ name: 'Error', message: 'insert failed', code: '23505' })
  expect(all()).toContain('log.test.ts')
  for (const secret of ['hunter2', jwt, 'alice']) expect(all()).not.toContain(secret)
})

test.each([
  ['203.0.113.77', '203.0.113.0', '203.0.113.77'],
  ['::ffff:203.0.113.77', '203.0.113.0', '203.0.113.77'],
  ['2001:db8:1:2:3:4:5:6', '2001:db8:1::', '2001:db8:1:2::'],
  ['2001:db8::6', '2001:db8:0::', '2001:db8:0:0::'],
  ['fe80::1%eth0', 'fe80:0:0::', 'fe80:0:0:0::'],
  ['::1', '0:0:0::', '0:0:0:0::'],
  ['nonsense', 'unknown', 'unknown'],
])('%s is logged as %s and limited as %s', (address, logged, network) => {
  expect(truncateAddress(address)).toBe(logged)
  expect(networkOf(address)).toBe(network)
  const { log, last } = capture()
  log.info('seen', { address })
  expect(last()['address']).toBe(logged)
})
