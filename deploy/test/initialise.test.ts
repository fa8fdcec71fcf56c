import { createHash, X509Certificate } from 'node:crypto'
import { chmod, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { createSelfSigned, initialise, type Places } from '@brieftaube/deploy'

const DAY_MS = 86_400_000
let folder: string
let places: Places

beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'brieftaube-init-'))
  const at = (name: string) => path.join(folder, name)
  places = {
    settingsFile: at('settings.env'),
    tlsFolder: folder,
    secrets: {
      master: at('master'),
      auth: at('auth'),
      chat: at('chat'),
      prepare: at('prepare'),
      db: at('db'),
      cache: at('cache'),
    },
    gateway: { config: at('gateway'), acme: at('acme') },
    database: 'db:5432',
    cache: 'cache:6379',
  }
  await settings('BRIEFTAUBE_ADDRESS=https://chat.my-club.org\n')
  await certificate('chat.my-club.org')
})

afterEach(() => rm(folder, { recursive: true, force: true }))

const settings = (text: string) => writeFile(path.join(folder, 'settings.env'), text)
const read = (...names: string[]) => readFile(path.join(folder, ...names), 'utf8')

async function certificate(host: string, options?: { from: number; days: number }): Promise<void> {
  const made = createSelfSigned(host, options)
  await writeFile(path.join(folder, 'fullchain.pem'), made.certificate)
  await writeFile(path.join(folder, 'privkey.pem'), made.key)
}

async function everyFile(): Promise<Map<string, string>> {
  const names = await readdir(folder, { recursive: true, withFileTypes: true })
  const files = names.filter((each) => each.isFile()).map((each) => path.join(each.parentPath, each.name))
  return new Map(await Promise.all(files.map(async (file) => [file, await readFile(file, 'utf8')] as const)))
}

test('secrets are made once, and only their owner reads them', async () => {
  await initialise(places)
  const first = await everyFile()
  await initialise(places)
  expect(await everyFile()).toEqual(first)
  for (const name of Object.values(places.secrets)) {
    for (const file of await readdir(name))
      expect((await stat(path.join(name, file))).mode & 0o777).toBe(0o600)
  }
})

test('each service gets what it needs and no more', async () => {
  await initialise(places)
  const names = async (name: string) => (await readdir(path.join(folder, name))).sort()
  const urls = ['database-owner-url', 'database-url']
  expect(await names('auth')).toEqual(
    [
      ...urls,
      'internal-secret',
      'opaque-server-setup',
      'pepper',
      'redis-url',
      'sealing-key',
      'signing-keys',
    ].sort(),
  )
  expect(await names('chat')).toEqual([...urls, 'internal-secret', 'redis-url', 'vapid'])
  expect(await names('db')).toEqual(['superuser-password'])
  expect(await names('cache')).toEqual(['users.acl'])
})

test('the owner of the tables and the application log in to the database with different passwords', async () => {
  await initialise(places)
  const owner = new URL(await read('chat', 'database-owner-url'))
  const application = new URL(await read('chat', 'database-url'))
  expect([owner.username, application.username]).toEqual(['brieftaube_chat_owner', 'brieftaube_chat'])
  expect(owner.password).not.toBe(application.password)
})

test('the cache lets in the services alone, and its file holds no password', async () => {
  await initialise(places)
  const users = await read('cache', 'users.acl')
  const { password } = new URL(await read('chat', 'redis-url'))
  expect(users).toContain(`#${createHash('sha256').update(password).digest('hex')}`)
  expect(users).not.toContain(password)
  expect(users).toMatch(/^user default .*off/)
  expect(users).toContain('-@all')
  expect(users).not.toMatch(/\+@all|\+flushall|\+config|\+debug|\+keys/i)
})

test('no secret is in the gateway’s configuration', async () => {
  await initialise(places)
  const config = await read('gateway', 'nginx.conf')
  for (const name of await readdir(places.secrets.master)) {
    if (name !== 'generated.json') expect(config).not.toContain((await read('master', name)).trim())
  }
})

test('a lost secret is not made anew', async () => {
  await initialise(places)
  await rm(path.join(folder, 'master', 'opaque-server-setup'))
  await expect(initialise(places)).rejects.toThrow(
    /opaque-server-setup: missing, although generated earlier\. Put it back/,
  )
})

test('lost secrets of a server that has run are not made anew', async () => {
  await initialise(places)
  await rm(path.join(folder, 'master'), { recursive: true })
  await expect(initialise(places)).rejects.toThrow(
    /is empty, although this server has run before\. Restore the secrets/,
  )
})

test.each([
  ['short', /pepper is too short for a secret/],
  ['aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa', /pepper is too regular/],
  ['change-me-change-me-0123-change-me-change-me', /pepper looks like a sample/],
])('the secret “%s” stops the start', async (text, sentence) => {
  await initialise(places)
  await writeFile(path.join(folder, 'master', 'pepper'), text)
  await expect(initialise(places)).rejects.toThrow(sentence)
})

test('a secret that others can read stops the start', async () => {
  await initialise(places)
  await chmod(path.join(folder, 'master', 'pepper'), 0o644)
  await expect(initialise(places)).rejects.toThrow(/pepper can be read by others\. Run: chmod 600/)
})

test('a missing settings file stops the start', async () => {
  await rm(path.join(folder, 'settings.env'))
  await expect(initialise(places)).rejects.toThrow(/Run: cp settings\.example\.env settings\.env/)
})

test('a certificate for another name, out of date, with another key or missing stops the start', async () => {
  await certificate('other.my-club.org')
  await expect(initialise(places)).rejects.toThrow(
    /is not for chat\.my-club\.org but for DNS:other\.my-club\.org/,
  )
  await certificate('chat.my-club.org', { from: Date.now() - 10 * DAY_MS, days: 9 })
  await expect(initialise(places)).rejects.toThrow(/expired on .*; renew it/)
  await certificate('chat.my-club.org', { from: Date.now() + DAY_MS, days: 9 })
  await expect(initialise(places)).rejects.toThrow(/is this machine's clock right\?/)
  await certificate('chat.my-club.org')
  await writeFile(path.join(folder, 'privkey.pem'), createSelfSigned('x').key)
  await expect(initialise(places)).rejects.toThrow(/is not the key of/)
  await rm(path.join(folder, 'fullchain.pem'))
  await expect(initialise(places)).rejects.toThrow(/copy your certificate to deploy\/tls\/fullchain\.pem/)
})

test('with ACME a placeholder stands in until the certificate comes, and is not put over it', async () => {
  await settings(
    'BRIEFTAUBE_ADDRESS=https://chat.my-club.org\nBRIEFTAUBE_TLS=acme\nCOMPOSE_PROFILES=acme\nBRIEFTAUBE_ACME_EMAIL=a@my-club.org\n',
  )
  await initialise(places)
  const placeholder = await read('acme', 'certificates', 'chat.my-club.org.crt')
  expect(new X509Certificate(placeholder).checkHost('chat.my-club.org')).toBe('chat.my-club.org')
  await writeFile(path.join(folder, 'acme/certificates/chat.my-club.org.crt'), 'fetched')
  await initialise(places)
  expect(await read('acme', 'certificates', 'chat.my-club.org.crt')).toBe('fetched')
})
