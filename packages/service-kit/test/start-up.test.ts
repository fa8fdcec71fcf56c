/** What stops a start, and how a service stops. */
import { randomBytes } from 'node:crypto'
import { chmod, mkdtemp, readdir, readFile, stat, writeFile } from 'node:fs/promises'
import { once } from 'node:events'
import { createServer, type ServerResponse } from 'node:http'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'
import {
  closeServer,
  ConfigError,
  createLifecycle,
  listen,
  readConfig,
  readOrCreateSecret,
  settings,
  trackRequests,
} from '@brieftaube/service-kit'
import { describe, expect, test } from 'vitest'
import { z } from 'zod'

describe('configuration', () => {
  const shape = {
    PORT: settings.port.default(8080),
    ORIGINS: settings.origins,
    MODE: z.enum(['open', 'closed']),
  }
  const good = {
    BRIEFTAUBE_ORIGINS: 'https://a.example, http://localhost:8080',
    BRIEFTAUBE_MODE: 'open',
    HOME: '/root',
  }

  test('is read by name, with defaults, and cannot be changed', () => {
    const config = readConfig(good, shape)
    expect(config).toEqual({
      PORT: 8080,
      ORIGINS: ['https://a.example', 'http://localhost:8080'],
      MODE: 'open',
    })
    expect(Object.isFrozen(config) && Object.isFrozen(config.ORIGINS)).toBe(true)
  })

  test.each([
    ['a misspelt name', { BRIEFTAUBE_PROT: '80' }, /BRIEFTAUBE_PROT is not a setting/],
    ['a prototype name', { BRIEFTAUBE_constructor: 'x' }, /not a setting/],
    ['a port that is none', { BRIEFTAUBE_PORT: 'http' }, /BRIEFTAUBE_PORT/],
    ['an unknown choice', { BRIEFTAUBE_MODE: 'half' }, /must be one of open, closed/],
    ['an origin with a path', { BRIEFTAUBE_ORIGINS: 'https://a.example/' }, /BRIEFTAUBE_ORIGINS/],
    ['an empty list of origins', { BRIEFTAUBE_ORIGINS: '' }, /BRIEFTAUBE_ORIGINS/],
  ])('stops the start for %s', (_what, change, message) => {
    expect(() => readConfig({ ...good, ...change }, shape)).toThrow(message)
  })

  test('names everything that is missing at once, and repeats no value', () => {
    const problem = catchError(() => readConfig({ BRIEFTAUBE_PORT: 's3cret-value' }, shape))
    expect(problem).toBeInstanceOf(ConfigError)
    expect(problem.message.split('\n').length).toBe(3)
    expect(problem.message).not.toContain('s3cret-value')
  })
})

function catchError(work: () => unknown): Error {
  try {
    work()
  } catch (error) {
    if (error instanceof Error) return error
  }
  throw new Error('nothing was thrown')
}

describe('a secret file', () => {
  const folderOf = () => mkdtemp(path.join(tmpdir(), 'secrets-'))
  const make = () => randomBytes(32).toString('base64url')

  test('is made once, for its owner alone, and read again unchanged', async () => {
    const folder = path.join(await folderOf(), 'deeper')
    const secrets = await Promise.all([1, 2, 3].map(() => readOrCreateSecret({ folder, name: 'key', make })))
    expect(new Set(secrets).size).toBe(1)
    expect(await readdir(folder)).toEqual(['key'])
    expect((await stat(path.join(folder, 'key'))).mode & 0o777).toBe(0o600)
    expect((await stat(folder)).mode & 0o777).toBe(0o700)
    expect((await readFile(path.join(folder, 'key'), 'utf8')).trim()).toBe(secrets[0])
  })

  test.each([
    ['too short', 'x9Kd2mQp', /too short/],
    ['empty', '', /too short/],
    ['too regular', 'ab'.repeat(40), /too regular/],
    ['a sample', 'please-change-me-to-32-random-bytes!', /sample/],
    ['of another form', `${'kR7'.repeat(3)}Tz81LmWq05VbNsXyJdHfGcPa`, /right form/],
  ])('that is %s stops the start with what to do', async (_what, text, message) => {
    const folder = await folderOf()
    await writeFile(path.join(folder, 'key'), text, { mode: 0o600 })
    const reading = readOrCreateSecret({ folder, name: 'key', make, check: () => false })
    await expect(reading).rejects.toThrow(message)
    await expect(reading).rejects.toThrow(/backup|delete the file/)
  })

  test('that others can read stops the start with the command that mends it', async () => {
    const folder = await folderOf()
    await readOrCreateSecret({ folder, name: 'key', make })
    await chmod(path.join(folder, 'key'), 0o640)
    await expect(readOrCreateSecret({ folder, name: 'key', make })).rejects.toThrow(/chmod 600/)
  })
})

describe('a lifetime', () => {
  test('closes in reverse order, once, and goes on past what fails', async () => {
    const closed: string[] = []
    const life = createLifecycle()
    life.use('database', (name) => closed.push(name))
    life.use('cache', () => {
      throw new Error('stuck')
    })
    life.use('server', (name) => closed.push(name))
    await expect(life.close()).rejects.toThrow('not everything closed')
    await expect(life.close()).rejects.toThrow()
    expect(closed).toEqual(['server', 'database'])
  })

  test('does not wait for ever', async () => {
    const life = createLifecycle({ timeoutMs: 20 })
    life.use('server', () => new Promise(() => undefined))
    await expect(life.close()).rejects.toThrow(AggregateError)
  })

  test('lets a running request finish before the server closes', async () => {
    const server = createServer((_request, response) => setTimeout(() => response.end('late but whole'), 150))
    const port = await listen(server, 0, '127.0.0.1')
    const asked = fetch(`http://127.0.0.1:${port}/`)
    await new Promise((resolve) => setTimeout(resolve, 50))
    const closing = closeServer(server)
    expect(await (await asked).text()).toBe('late but whole')
    await closing
  })

  test('answers what is being asked, and takes nothing more, before the service closes', async () => {
    let answered = false
    const answer = (response: ServerResponse) => {
      answered = true
      response.end('whole')
    }
    const server = createServer((_request, response) => setTimeout(() => answer(response), 150))
    const requests = trackRequests(server)
    const url = `http://127.0.0.1:${await listen(server, 0, '127.0.0.1')}/`
    const asked = fetch(url).then(async (response) => [
      response.headers.get('connection'),
      await response.text(),
    ])
    await new Promise((resolve) => setTimeout(resolve, 50))
    const finished = requests.finish().then(() => answered)
    await new Promise((resolve) => setTimeout(resolve, 20))
    await expect(fetch(url)).rejects.toThrow()
    expect(await asked).toEqual(['close', 'whole'])
    expect(await finished).toBe(true)
  })

  test('answers a request that was on its way when the stop began', async () => {
    const server = createServer((_request, response) => void response.end('in time'))
    const requests = trackRequests(server)
    const connection = connect(await listen(server, 0, '127.0.0.1'), '127.0.0.1')
    await once(connection, 'connect')
    const finished = requests.finish()
    await new Promise((resolve) => setTimeout(resolve, 50))
    connection.write('GET / HTTP/1.1\r\nHost: a\r\n\r\n')
    const [answer] = (await once(connection, 'data')) as [Buffer]
    expect(answer.toString()).toMatch(/^HTTP\/1\.1 200 OK[^]*connection: close/i)
    await finished
    connection.destroy()
  })

  test('cuts a request that does not end', async () => {
    const server = createServer(() => undefined)
    const port = await listen(server, 0, '127.0.0.1')
    const asked = fetch(`http://127.0.0.1:${port}/`).then(
      () => 'answered',
      () => 'cut',
    )
    await new Promise((resolve) => setTimeout(resolve, 50))
    await closeServer(server, 50)
    expect(await asked).toBe('cut')
  })
})
