/** What the service tells about itself, to the chat service and to its log. */
import { randomBytes } from 'node:crypto'
import { encodeNotice, verifyNotice } from '@brieftaube/group-policy'
import {
  authRoutes,
  chatRoutes,
  decodeBase64Url,
  encodeBase64Url,
  encodeRevocationStatement,
  idFromBytes,
  parseRevocationStatement,
  protocolVersion,
  revocationPageSchema,
  revocationsPath,
  type DeviceId,
  type Route,
} from '@brieftaube/protocol'
import { Validator } from '@seriousme/openapi-schema-validator'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { enrolmentOf, logIn, revocationOf, signUp } from './test-people.ts'
import { send, startTestServer, type TestServer } from './test-server.ts'

let server: TestServer
beforeAll(async () => {
  server = await startTestServer()
})
afterAll(() => server.close())

test('anybody may ask what server this is', async () => {
  const reply = await send(server, authRoutes.serverInfo)
  expect(reply.json()).toEqual({
    name: 'Taubenschlag',
    registration: 'open',
    protocolVersion,
    version: '0.1.0',
  })
})

test('the OpenAPI document is valid OpenAPI 3.1', async () => {
  const document = (await send(server, authRoutes.openApi)).json()
  const validator = new Validator()
  expect(await validator.validate(document)).toEqual({ valid: true })
  expect(validator.version).toBe('3.1')
})

test('the OpenAPI document names every route with schemas that are whole', async () => {
  const document = (await send(server, authRoutes.openApi)).json()
  expect(document['openapi']).toBe('3.1.0')
  const paths = document['paths'] as Record<
    string,
    Record<string, { operationId: string; security: unknown[] }>
  >
  const operations = Object.values(paths).flatMap((path) => Object.values(path))
  const routes = [...Object.values<Route>(authRoutes), ...Object.values<Route>(chatRoutes)]
  expect(operations.map(({ operationId }) => operationId).sort()).toEqual(
    routes.map(({ name }) => name).sort(),
  )
  for (const route of routes) {
    const operation = paths[route.path.replace(/:([a-z]+)/g, '{$1}')]?.[route.method.toLowerCase()]
    expect(operation?.security.length).toBe(route.access === 'public' ? 0 : 1)
  }
  for (const reference of JSON.stringify(document).matchAll(/"\$ref":"([^"]+)"/g)) {
    expect(resolve(document, reference[1] ?? '')).toBeDefined()
  }
})

function resolve(document: unknown, reference: string): unknown {
  const step = (value: unknown, name: string) => (value as Record<string, unknown> | undefined)?.[name]
  return reference.replace('#/', '').split('/').reduce(step, document)
}

test('the revocation feed opens with the shared secret only, and pages by id', async () => {
  const people = [await signUp(server, 'alice'), await signUp(server, 'bob')]
  for (const person of people) {
    const json = { statement: revocationOf(person, person.device.id) }
    await send(server, authRoutes.logout, { json, token: person.session.accessToken })
  }
  const ask = (secret: string | undefined, query = 'after=0') =>
    fetch(
      `${server.url}${revocationsPath}?${query}`,
      secret === undefined ? {} : { headers: { 'x-brieftaube-internal': secret } },
    )
  const { internalSecret } = server.config.secrets
  const { revocations } = revocationPageSchema.parse(await (await ask(internalSecret)).json())
  expect(revocations.map(({ account }) => account)).toEqual(people.map(({ account }) => account))
  const rest = revocationPageSchema.parse(
    await (await ask(internalSecret, `after=${revocations[0]?.id}`)).json(),
  )
  expect(rest.revocations).toEqual(revocations.slice(1))
  for (const secret of [undefined, '', 'x'.repeat(43), internalSecret.slice(0, -1)]) {
    expect((await ask(secret)).status).toBe(404)
  }
  for (const query of ['', 'after=-1', 'after=x', 'after=0&limit=1', 'after=0&after=1']) {
    expect((await ask(internalSecret, query)).status).toBe(400)
  }
})

test('the statement in the feed is a notice that groups understand', async () => {
  const carla = await signUp(server, 'carla')
  const statement = decodeBase64Url(revocationOf(carla, carla.device.id))
  const parsed = parseRevocationStatement(statement)
  const notice = { kind: 'device-revoked', ...parsed } as const
  expect(encodeNotice(notice)).toEqual(statement)
  expect(encodeRevocationStatement(parsed)).toEqual(statement)
  expect(verifyNotice(notice, carla.accountKeys.publicKey)).toBe(true)
  expect(
    verifyNotice({ ...notice, device: idFromBytes<DeviceId>(randomBytes(16)) }, carla.accountKeys.publicKey),
  ).toBe(false)
})

test('neither secrets nor names nor whole addresses stand in the log or in the database', async () => {
  const password = `canary ${randomBytes(12).toString('hex')}`
  const dora = await signUp(server, 'canary-dora', { password })
  const enrolment = await enrolmentOf(server, dora)
  await logIn(server, 'canary-dora', 'wrong password')
  await send(server, authRoutes.tokenRefresh, { refresh: dora.refresh })
  await send(server, authRoutes.deviceList, { token: `${dora.session.accessToken}x` })
  await send(server, authRoutes.profileUpdate, {
    json: '{"displayName":"canary-dora',
    token: dora.session.accessToken,
  })
  const secrets = [
    password,
    dora.session.accessToken,
    dora.refresh,
    dora.recoveryAuth,
    enrolment.enrolmentToken,
  ]
  const log = server.logged.join('\n')
  expect(server.logged.length).toBeGreaterThan(0)
  for (const secret of [...secrets, 'canary-dora', '127.0.0.1', dora.address])
    expect(log).not.toContain(secret)
  const dump = await dumpOf(server)
  expect(dump).toContain('canary-dora')
  for (const secret of secrets) for (const form of formsOf(secret)) expect(dump).not.toContain(form)
})

function formsOf(secret: string): string[] {
  const raw = Buffer.from(secret)
  const decoded = Buffer.from(secret, 'base64url')
  const texts = [
    secret,
    raw.toString('hex'),
    raw.toString('base64'),
    Buffer.from(secret, 'utf16le').toString('hex'),
  ]
  // what is base64url is looked for as its bytes, too
  return encodeBase64Url(decoded) === secret ? [...texts, decoded.toString('hex')] : texts
}

/** Every row of the schema as text, binary columns as hex. */
async function dumpOf({ database }: TestServer): Promise<string> {
  const { default: pg } = await import('pg')
  const client = new pg.Client({ connectionString: database.adminUrl })
  await client.connect()
  const tables = await client.query<{ table_name: string }>(
    `select table_name from information_schema.tables where table_schema = 'auth'`,
  )
  const dumps: string[] = []
  for (const { table_name: table } of tables.rows) {
    const { rows } = await client.query<{ row: string }>(
      `select t::text as row from auth.${pg.escapeIdentifier(table)} t`,
    )
    dumps.push(...rows.map(({ row }) => row))
  }
  await client.end()
  return dumps.join('\n')
}
