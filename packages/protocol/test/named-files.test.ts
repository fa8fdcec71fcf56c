/** Whatever file a document names is there: a renamed module takes its documents along. */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'

const root = fileURLToPath(new URL('../../..', import.meta.url))
const documents = ['.', 'docs'].flatMap((folder) =>
  readdirSync(path.join(root, folder))
    .filter((file) => file.endsWith('.md'))
    .map((file) => path.join(folder, file)),
)

/** Paths in backquotes that begin with one of our folders, and the targets of links, from the repository's root. */
function namedIn(document: string): string[] {
  const text = readFileSync(path.join(root, document), 'utf8')
  const quoted = [...text.matchAll(/`((?:packages|services|client|e2e|bench|bin|docs|patches)\/[^`\s]*)`/g)]
  const linked = [...text.matchAll(/\]\((?!https?:|#|mailto:)([^)#\s]+)(?:#[^)]*)?\)/g)]
  return [
    ...quoted.map((match) => match[1] ?? ''),
    ...linked.map((match) => path.join(path.dirname(document), match[1] ?? '')),
  ].filter((file) => !/[*<>{}]/.test(file))
}

test.each(documents)('every file that %s names exists', (document) => {
  const missing = namedIn(document).filter((file) => !existsSync(path.join(root, file)))
  expect(missing).toEqual([])
})

test('every test that the list of failure modes names exists under its title', () => {
  const rows = readFileSync(path.join(root, 'docs/failure-modes.md'), 'utf8').matchAll(
    /^\| .* \| `([^`]+)` +\| (.*?) +\|$/gm,
  )
  const named = [...rows].map(([, file = '', title = '']) => ({ file, title }))
  const missing = named.filter(({ file, title }) => {
    return !readFileSync(path.join(root, file), 'utf8').includes(title)
  })
  expect(missing).toEqual([])
  expect(named.length).toBeGreaterThan(50)
})
