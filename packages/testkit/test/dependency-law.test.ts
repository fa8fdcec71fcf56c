import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import ts from 'typescript'
import { afterAll, expect, test } from 'vitest'

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../../..')
const probes = path.join(root, '.cache', 'law')
mkdirSync(probes, { recursive: true })
afterAll(() => rmSync(probes, { recursive: true, force: true }))

/** Compiles one line as if it stood in the module, with exactly the module's options and references. */
function complaintsAbout(module: string, line: string): string[] {
  const file = path.join(probes, `${module.replaceAll('/', '-')}.ts`)
  writeFileSync(file, `${line}\n`)
  const configFile = path.join(root, module, 'tsconfig.json')
  const config = ts.getParsedCommandLineOfConfigFile(
    configFile,
    {},
    { ...ts.sys, onUnRecoverableConfigFileDiagnostic: () => undefined },
  )
  if (config === undefined) throw new Error(`${configFile} cannot be read`)
  const options = { ...config.options, rootDir: root, outDir: path.join(probes, 'out'), noEmit: false }
  const program = ts.createProgram({
    rootNames: [file],
    options,
    ...(config.projectReferences === undefined ? {} : { projectReferences: config.projectReferences }),
  })
  return [...program.getOptionsDiagnostics(), ...program.getSemanticDiagnostics()].map((each) =>
    ts.flattenDiagnosticMessageText(each.messageText, ' '),
  )
}

const forbidden: [string, string][] = [
  ['client/gui', `import { startCore } from '@brieftaube/core'\nstartCore`],
  ['client/gui', `import * as encryption from '@brieftaube/encryption'\nencryption`],
  ['services/auth', `import * as chat from '@brieftaube/chat'\nchat`],
  ['services/gateway', `import * as auth from '@brieftaube/auth'\nauth`],
  ['services/chat', `import * as content from '@brieftaube/content'\ncontent`],
  ['client/core/storage', `import * as encryption from '@brieftaube/encryption'\nencryption`],
  ['client/core/encryption', `import * as server from '@brieftaube/server'\nserver`],
]

test.each(forbidden)('in %s, %s does not compile', (module, line) => {
  expect(complaintsAbout(module, line).join('\n')).toMatch(/Cannot find module/)
})

const allowed: [string, string][] = [
  ['client/gui', `import type { Commands } from '@brieftaube/contract'\nexport type Known = keyof Commands`],
  ['services/chat', `import { limits } from '@brieftaube/protocol'\nexport const known = limits.maxLeaves`],
]

test.each(allowed)('in %s, %s compiles', (module, line) => {
  expect(complaintsAbout(module, line)).toEqual([])
})

const homeless: [string, string][] = [
  ['client/core/messaging', 'export const title = document.title'],
  ['client/gui', 'export const folder = process.cwd()'],
  ['packages/content', 'export const where = window.location'],
]

test.each(homeless)('in %s, «%s» names a global that does not belong there', (module, line) => {
  expect(complaintsAbout(module, line).join('\n')).toMatch(/Cannot find name/)
})
