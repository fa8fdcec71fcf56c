/** Nothing that people write or know is readable behind the services: database, write-ahead log, cache, logs. */
import { randomBytes } from 'node:crypto'
import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { loadAuthSecrets } from '@brieftaube/auth'
import {
  openPool,
  prepareDatabase,
  startMemoryCache,
  startTestCluster,
  type Cache,
} from '@brieftaube/service-kit'
import {
  befriend,
  findLeaks,
  findLeaksBelow,
  has,
  runServices,
  spellingsOf,
  startPerson,
  type Person,
} from '@brieftaube/testkit'
import { afterAll, beforeAll, expect, test } from 'vitest'

/** Long enough that chance plays no part, with letters that every encoding treats differently. */
const canary = (name: string) => `${name} ÿ?> Kanarienvogel ${randomBytes(9).toString('hex')}`

const settings = ['fsync=off', 'full_page_writes=off', 'wal_compression=off', 'wal_keep_size=512MB']
let cluster: Awaited<ReturnType<typeof startTestCluster>>
let databases: Awaited<ReturnType<typeof prepareDatabase>>
beforeAll(async () => {
  cluster = await startTestCluster(settings)
  databases = await prepareDatabase({ adminUrl: cluster.adminUrl, name: 'canary', passwordOf: () => 'test' })
})
afterAll(() => cluster.close())

/** Everything that is ever handed to the cache. */
function overhear(cache: Cache, heard: string[]): Cache {
  return new Proxy(cache, {
    get: (target, name, receiver) => {
      const value: unknown = Reflect.get(target, name, receiver)
      if (typeof value !== 'function') return value
      return (...given: unknown[]): unknown => {
        heard.push(
          JSON.stringify(given, (_key, each: unknown) =>
            each instanceof Uint8Array ? Buffer.from(each).toString('latin1') : each,
          ) ?? '',
        )
        return (value as (...all: unknown[]) => unknown).apply(target, given)
      }
    },
  })
}

async function writeBack(): Promise<void> {
  const pool = openPool(
    { ownerUrl: cluster.adminUrl, appUrl: cluster.adminUrl },
    { schema: 'public', max: 1 },
  )
  await pool.query('checkpoint')
  await pool.end()
}

async function register(userName: string, password: string, baseUrl: string): Promise<Person> {
  const person = await startPerson(userName, { baseUrl })
  const wish = { userName, displayName: userName, password, deviceName: 'browser' }
  const { recoveryKey } = await person.call('register', wish)
  await person.call('confirmRecoveryKey', { lastCharacters: recoveryKey.slice(-4) })
  const session = await person.until('session', {}, ({ kind }) => kind === 'signed-in')
  if (session.kind === 'signed-in') person.account = session.account
  return Object.assign(person, { recoveryKey })
}

test('text, title, draft, password and recovery key of a whole story stand nowhere', async () => {
  const [text, reply, title, draft, password, next] = [
    'text',
    'reply',
    'title',
    'draft',
    'password',
    'next',
  ].map(canary)
  if (!text || !reply || !title || !draft || !password || !next) throw new Error('canaries')
  const secrets = await loadAuthSecrets(await mkdtemp(path.join(tmpdir(), 'canary-secrets-')))
  const [logged, heard]: [string[], string[]] = [[], []]
  const cache = overhear(startMemoryCache(), heard)
  const services = await runServices({
    ...databases,
    secrets,
    port: 0,
    cache,
    logged: (line) => void logged.push(line),
  })
  const alice = await register('alice', password, services.url)
  const bob = await register('bob', canary('bob'), services.url)
  await befriend(alice, bob)
  const { conversation } = await alice.call('createGroup', { title, members: [bob.account] })
  await has(bob, conversation)
  await alice.send(conversation, text)
  await bob.sees(conversation, [text])
  await bob.send(conversation, reply)
  await alice.sees(conversation, [text, reply])
  await alice.call('setDraft', { conversation, text: draft })
  await alice.call('changePassword', { oldPassword: password, newPassword: next })
  const elsewhere = await startPerson('alice', { baseUrl: services.url })
  const { recoveryKey } = alice
  await elsewhere.call('logInWithRecoveryKey', { userName: 'alice', recoveryKey, deviceName: 'other' })
  await has(elsewhere, conversation)
  await elsewhere.until('conversations', {}, (rows) => rows.some((row) => row.title === title))
  for (const person of [alice, bob, elsewhere]) await person.stop()
  await services.close()
  await writeBack()

  const bare = recoveryKey.replace(/[^A-Za-z0-9]/g, '')
  const all = [text, reply, title, draft, password, next, recoveryKey, bare, bare.toLowerCase()]
  expect(logged.length).toBeGreaterThan(0)
  expect(heard.length).toBeGreaterThan(10)
  expect([
    ...findLeaks('logs', Buffer.from(logged.join('\n')), all),
    ...findLeaks('cache', Buffer.from(heard.join('\n'), 'latin1'), all),
    ...(await findLeaksBelow(cluster.folder, all)),
  ]).toEqual([])
})

test('the scanner finds a canary in every spelling, in a table and in the write-ahead log', async () => {
  const secret = canary('planted')
  const spellings = [...spellingsOf(secret)]
  expect(spellings.map(([name]) => name)).toEqual(
    expect.arrayContaining(['raw', 'hex', 'utf16le', 'base64+0', 'base64+1', 'base64+2']),
  )
  for (const prefix of ['', 'x', 'xy', 'xyz']) {
    const whole = Buffer.from(`${prefix}${secret}suffix`)
    const forms = [whole, Buffer.from(whole.toString('base64')), Buffer.from(whole.toString('base64url'))]
    forms.push(Buffer.from(whole.toString('hex')), Buffer.from(whole.toString('utf8'), 'utf16le'))
    for (const form of forms) expect(findLeaks('form', form, [secret])).not.toEqual([])
  }
  const pool = openPool(
    { ownerUrl: cluster.adminUrl, appUrl: cluster.adminUrl },
    { schema: 'public', max: 1 },
  )
  await pool.query('create table planted (t text)')
  await pool.query('insert into planted values ($1)', [Buffer.from(secret).toString('base64')])
  await pool.end()
  await writeBack()
  const where = (await findLeaksBelow(cluster.folder, [secret])).map((leak) => leak.where)
  expect(where.some((file) => file.includes('pg_wal'))).toBe(true)
  expect(where.some((file) => file.includes('base'))).toBe(true)
})
