/** docs/protocol.md says what the code says: each of its tables is compared with the constants that it describes. */
import { readFileSync } from 'node:fs'
import { expect, expectTypeOf, test } from 'vitest'
import {
  authRoutes,
  chatRoutes,
  errorBodySchema,
  errorCodes,
  errorTable,
  protocolVersion,
  refreshCookie,
  socketPath,
  toDevice,
  toServer,
  type ErrorBody,
  type ErrorCode,
  type Route,
} from '../src/index.ts'
import { formats } from './formats.ts'

const document = readFileSync(new URL('../../../docs/protocol.md', import.meta.url), 'utf8')

/** The cells of the first table below a heading, without its head row. */
function tableBelow(heading: string): string[][] {
  const section = document.split(`\n${heading}\n`)[1]
  if (section === undefined) throw new Error(`docs/protocol.md has no heading ${heading}`)
  const below = section.slice(section.indexOf('\n|'))
  const end = below.search(/\n(?!\|)/)
  const lines = below.slice(1, end === -1 ? undefined : end).split('\n')
  return lines.slice(2).map((line) =>
    line
      .slice(1, -1)
      .split('|')
      .map((cell) => cell.trim()),
  )
}

function routeRows(routes: Readonly<Record<string, Route>>): string[][] {
  return Object.values(routes).map((route) => [
    `\`${route.name}\``,
    `\`${route.method} ${route.path}\``,
    route.access,
    route.rate === undefined ? '' : `\`${route.rate}\``,
    `${route.requestForm} → ${route.replyForm}`,
    route.summary,
  ])
}

const sorted = (rows: readonly (readonly string[])[]) => rows.map((row) => row.join(' | ')).sort()

test('the table of errors is the table in the code', () => {
  const expected = Object.entries(errorTable).map(([code, row], number) => [
    String(number),
    `\`${code}\``,
    String(row.status),
    row.retry ? 'yes' : 'no',
    row.action,
  ])
  expect(tableBelow('## 10. Errors')).toEqual(expected)
})

test('the type of an error code and the schema of an error body know exactly the table', () => {
  expectTypeOf<ErrorBody['code']>().toEqualTypeOf<keyof typeof errorTable>()
  expectTypeOf<ErrorCode>().toEqualTypeOf<keyof typeof errorTable>()
  expect(errorBodySchema.shape.code.options).toEqual(Object.keys(errorTable))
  expect(errorCodes.length).toBeLessThan(255)
})

test.each([
  ['### Auth service', authRoutes],
  ['### Chat service', chatRoutes],
] as const)('every method stands under “%s”, as the code has it', (heading, routes) => {
  expect(sorted(tableBelow(heading))).toEqual(sorted(routeRows(routes)))
})

test('no two methods share a name or a place', () => {
  const routes: Route[] = [...Object.values(authRoutes), ...Object.values(chatRoutes)]
  expect(new Set(routes.map((route) => route.name)).size).toBe(routes.length)
  expect(new Set(routes.map((route) => `${route.method} ${route.path}`)).size).toBe(routes.length)
  for (const [name, route] of Object.entries({ ...authRoutes, ...chatRoutes })) expect(route.name).toBe(name)
})

test('every event of the socket stands in its table, and no other', () => {
  const expected = [
    ...Object.values(toServer).map((name) => [`\`${name}\``, '→ server']),
    ...Object.values(toDevice).map((name) => [`\`${name}\``, '→ device']),
  ]
  expect(sorted(tableBelow('## 9. Socket').map((row) => row.slice(0, 2)))).toEqual(sorted(expected))
})

test('every binary format has a row that begins with its name', () => {
  const rows = tableBelow('## 7. Formats, byte by byte').map(([name]) => name)
  expect(rows).toEqual([
    ...formats.map(({ name }) => `\`${name}\``),
    '`packet`',
    '`chain`',
    '`error-codes`',
    '`id`',
  ])
})

test('the document names the version, the socket’s path and the cookie that are in use', () => {
  expect(document).toContain(`# The protocol of Brieftaube, version ${String(protocolVersion)}\n`)
  expect(tableBelow('## 13. Versions').at(-1)?.[0]).toBe(String(protocolVersion))
  expect(document).toContain(`\`${socketPath}\``)
  expect(document).toContain(`\`${refreshCookie}\``)
})

test('the links at the top lead to headings', () => {
  const anchors = [...document.matchAll(/\]\(#([^)]+)\)/g)].map((match) => match[1])
  const headings = [...document.matchAll(/^## (.+)$/gm)].map((match) =>
    (match[1] ?? '')
      .toLowerCase()
      .replace(/[^a-z0-9 -]/g, '')
      .replaceAll(' ', '-'),
  )
  expect(headings).toEqual(anchors)
})
