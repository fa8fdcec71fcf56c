// What every command needs first: the right Node, installed dependencies, a current build. Plain Node, no dependencies.
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'

export const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..')

const minimumNode = [20, 19]

export function checkNode() {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)
  const tooOld = major < minimumNode[0] || (major === minimumNode[0] && minor < minimumNode[1])
  if (!tooOld) return
  fail(
    `Brieftaube needs Node ${minimumNode.join('.')} or newer; this is ${process.versions.node}. Get it from https://nodejs.org`,
  )
}

export function fail(sentence) {
  process.stderr.write(`${sentence}\n`)
  process.exit(1)
}

/** Runs a command with the terminal's own output; ends this process when it fails. */
export function run(command, args, options = {}) {
  const result = spawnSync(command, args, {
    cwd: root,
    stdio: 'inherit',
    shell: process.platform === 'win32',
    ...options,
  })
  if (result.error) fail(`${command} could not be started: ${result.error.message}`)
  if (result.status !== 0) process.exit(result.status ?? 1)
}

function hashOf(files) {
  const hash = createHash('sha256')
  for (const file of files) hash.update(path.relative(root, file)).update('\0').update(readFileSync(file))
  return hash.digest('hex')
}

const stampFile = (name) => path.join(root, 'node_modules', '.cache', 'brieftaube', name)

function isCurrent(name, hash) {
  const file = stampFile(name)
  return existsSync(file) && readFileSync(file, 'utf8') === hash
}

function stamp(name, hash) {
  mkdirSync(path.dirname(stampFile(name)), { recursive: true })
  writeFileSync(stampFile(name), hash)
}

/**
 * Installs unless exactly this lockfile (and these patches) is there. Not `npm ci`: it refuses a lockfile that lacks the
 * optional binaries of other platforms, which npm leaves out when it writes one; `install --no-save` adds those of this
 * machine, takes everything else from the lockfile and changes neither file.
 */
export function installDependencies() {
  checkNode()
  const patches = readdirSync(path.join(root, 'patches')).map((name) => path.join(root, 'patches', name))
  const hash = hashOf([path.join(root, 'package-lock.json'), ...patches])
  if (isCurrent('installed', hash)) return
  console.log('Installing dependencies …')
  run('npm', ['install', '--no-save', '--no-audit', '--no-fund', '--loglevel=error'])
  // npm may be set to run no install scripts; the patch is not optional
  run(process.execPath, [path.join('node_modules', 'patch-package', 'index.js')], {
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  stamp('installed', hash)
}

const sourceFolders = ['packages', 'services', 'client', 'tsconfig']
const sourceFile = /\.(ts|tsx|css|html|json|svg|png|woff2|sql|webmanifest|js|mjs)$/

function* sourcesBelow(folder) {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    if (['node_modules', 'dist', 'test', 'stage', '.cache'].includes(entry.name)) continue
    const file = path.join(folder, entry.name)
    if (entry.isDirectory()) yield* sourcesBelow(file)
    else if (sourceFile.test(entry.name)) yield file
  }
}

/** Compiles the services and builds the web client when a source changed since the last time. */
export function build() {
  installDependencies()
  const files = sourceFolders.flatMap((folder) => [...sourcesBelow(path.join(root, folder))]).sort()
  const hash = hashOf(files)
  const outputs = ['services/standalone/dist/main.js', 'client/gui/dist/web/index.html'].map((file) =>
    path.join(root, file),
  )
  if (isCurrent('built', hash) && outputs.every((file) => existsSync(file) && statSync(file).size > 0)) return
  console.log('Building …')
  run(process.execPath, [
    path.join('node_modules', 'typescript', 'bin', 'tsc'),
    '-b',
    'services/standalone',
    'packages/testkit',
  ])
  run('npm', ['run', '--silent', 'build', '-w', '@brieftaube/gui'])
  stamp('built', hash)
}
