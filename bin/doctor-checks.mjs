/** Which checks make sense where, and those of the machine. A check gives findings: {state, text, fix?}. */
import { readFile, readdir, stat, statfs } from 'node:fs/promises'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { compositionChecks } from './doctor-composition.mjs'
import { broken, ok, warning } from './doctor-finding.mjs'
import { fromOutside } from './doctor-outside.mjs'
import { judgeMetrics, judgeReadiness } from './doctor-inside.mjs'

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)))

/** Functions that resolve to findings and never reject. */
export async function checksFor({ address, data, operations, deploy }) {
  const folder =
    deploy ?? (address === undefined && data === undefined ? path.join(root, 'deploy') : undefined)
  const settings = folder === undefined ? undefined : await readSettings(folder)
  const asked = address ?? settings?.get('BRIEFTAUBE_ADDRESS') ?? 'http://localhost:8080'
  if (!URL.canParse(asked) || !/^https?:$/.test(new URL(asked).protocol))
    throw new Error(`An address looks like https://chat.example.org, not like "${asked}".`)
  const checks = [checkNode, () => fromOutside(new URL(asked).origin)]
  if (settings !== undefined) checks.push(...compositionChecks(folder, settings))
  if (operations !== undefined) checks.push(() => fromInside(operations))
  if (data !== undefined) checks.push(() => checkDataFolder(data))
  checks.push(() => checkDisk(data ?? folder ?? '.'))
  return checks.map((check) => () => check().catch((error) => [broken(`A check failed: ${error.message}`)]))
}

/** The settings that are in force; `undefined`: there is no composition here. */
async function readSettings(folder) {
  const text = await readFile(path.join(folder, 'settings.env'), 'utf8').catch(() => undefined)
  if (text === undefined) return undefined
  const lines = text.split('\n').flatMap((line) => {
    const found = /^\s*([A-Z_]+)=(.*)$/.exec(line)
    return found === null ? [] : [[found[1], found[2].trim()]]
  })
  return new Map(lines)
}

async function checkNode() {
  const [major, minor] = process.versions.node.split('.').map(Number)
  if (major > 20 || (major === 20 && minor >= 19)) return [ok(`Node ${process.versions.node}.`)]
  return [broken(`Node ${process.versions.node} is too old.`, 'Install Node 20.19 or newer.')]
}

async function fromInside(operations) {
  const get = async (name) =>
    (await fetch(new URL(name, operations), { signal: AbortSignal.timeout(5000) })).text()
  try {
    return [...judgeReadiness('auth', await get('/readyz')), ...judgeMetrics(await get('/metrics'))]
  } catch {
    return [
      broken(`The auth service does not answer at ${operations}.`, 'Look into its log; start it again.'),
    ]
  }
}

async function checkDataFolder(folder) {
  const secrets = path.join(folder, 'secrets')
  const names = await readdir(secrets).catch(() => undefined)
  if (names === undefined)
    return [
      broken(
        `${folder} is no data folder of a standalone server.`,
        'Name the one that npm start uses (--data).',
      ),
    ]
  const findings = []
  for (const name of names) {
    const file = path.join(secrets, name)
    const { mode } = await stat(file)
    if (process.platform !== 'win32' && (mode & 0o077) !== 0)
      findings.push(broken(`${file} can be read by others.`, `Run: chmod 600 ${file}`))
    const text = (await readFile(file, 'utf8')).trim()
    if (text.length < 32 || new Set(text).size < 10)
      findings.push(broken(`${file} is too weak for a secret.`, 'Put the right file back from your backup.'))
  }
  return findings.length > 0 ? findings : [ok('The secrets are whole and nobody else can read them.')]
}

const GB = 1e9

async function checkDisk(folder) {
  const { bavail, blocks, bsize } = await statfs(folder)
  const free = bavail * bsize
  const text = `${(free / GB).toFixed(1)} GB of ${((blocks * bsize) / GB).toFixed(1)} GB are free.`
  const fix = 'Make room: old backups and logs, docker system prune; then give the disk more room.'
  if (free < 0.5 * GB) return [broken(text, fix)]
  return [free < 5 * GB && bavail / blocks < 0.1 ? warning(text, fix) : ok(text)]
}
