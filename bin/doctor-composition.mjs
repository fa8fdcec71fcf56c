/** The composition in deploy/: Docker itself, its containers, and what the services say inside. */
import { execFile } from 'node:child_process'
import { access, stat } from 'node:fs/promises'
import path from 'node:path'
import { promisify } from 'node:util'
import { broken, ok, warning } from './doctor-finding.mjs'
import { judgeMetrics, judgeReadiness } from './doctor-inside.mjs'

const run = promisify(execFile)
const services = ['gateway', 'auth', 'chat', 'db', 'cache']

export function compositionChecks(folder, settings) {
  return [
    () => checkDocker(folder),
    () => checkContainers(folder),
    () => checkServices(folder),
    () => checkFiles(folder, settings),
  ]
}

/** stdout, or `undefined` when the command fails. */
async function output(folder, command, ...rest) {
  try {
    return (await run(command, rest, { cwd: folder, timeout: 20_000 })).stdout.trim()
  } catch {
    return undefined
  }
}

async function compose(folder, ...rest) {
  const plugin = await output(folder, 'docker', 'compose', 'version', '--short')
  return plugin === undefined
    ? output(folder, 'docker-compose', ...rest)
    : output(folder, 'docker', 'compose', ...rest)
}

async function checkDocker(folder) {
  const client = await output(folder, 'docker', '--version')
  if (client === undefined)
    return [broken('Docker is not installed.', 'Install Docker: https://docs.docker.com/engine/install')]
  const engine = await output(folder, 'docker', 'version', '--format', '{{.Server.Version}}')
  if (engine === undefined)
    return [
      broken('The Docker engine does not answer.', 'Start it: systemctl start docker; may this user use it?'),
    ]
  const version = await compose(folder, 'version', '--short')
  if (version === undefined)
    return [broken('Docker Compose is not installed.', 'Install the package docker-compose-plugin.')]
  return [ok(`Docker ${engine}, Compose ${version}.`)]
}

async function checkContainers(folder) {
  const findings = []
  for (const service of services) {
    const ids = (await compose(folder, 'ps', '-q', service))?.split('\n').filter((id) => id !== '') ?? []
    const start = `Start it: docker compose up -d; then look into its log: docker compose logs ${service}`
    if (ids.length === 0) findings.push(broken(`${service} does not run.`, start))
    for (const id of ids) {
      const format = '{{.State.Status}} {{if .State.Health}}{{.State.Health.Status}}{{end}} {{.RestartCount}}'
      const [state, health, restarts] = (
        (await output(folder, 'docker', 'inspect', '-f', format, id)) ?? ''
      ).split(' ')
      if (state !== 'running') findings.push(broken(`${service} is ${state}.`, start))
      else if (health === 'unhealthy') findings.push(broken(`${service} runs but is not healthy.`, start))
      else if (Number(restarts) > 3)
        findings.push(
          warning(
            `${service} was started again ${restarts} times.`,
            `Look into its log: docker compose logs ${service}`,
          ),
        )
    }
  }
  return findings.length > 0 ? findings : [ok(`${services.join(', ')} run.`)]
}

async function checkServices(folder) {
  const ask = (service, port, name) =>
    compose(
      folder,
      ...['exec', '-T', service, 'node', '-e'],
      `fetch('http://127.0.0.1:${port}${name}').then((r) => r.text()).then(console.log)`,
    )
  const metrics = await ask('auth', 8081, '/metrics')
  return [
    ...judgeReadiness('auth', (await ask('auth', 8081, '/readyz')) ?? ''),
    ...judgeReadiness('chat', (await ask('chat', 8082, '/readyz')) ?? ''),
    ...(metrics === undefined ? [] : judgeMetrics(metrics)),
  ]
}

async function checkFiles(folder, settings) {
  const findings = []
  if (settings.get('BRIEFTAUBE_TLS') === 'files') {
    const key = path.join(folder, 'tls', 'privkey.pem')
    const found = await stat(key).catch(() => undefined)
    if (found === undefined)
      findings.push(broken(`${key} is missing.`, 'Put your certificate’s key there (deploy/README.md).'))
    else if ((found.mode & 0o007) !== 0)
      findings.push(broken(`${key} can be read by everybody on this machine.`, `Run: chmod o-rwx ${key}`))
  }
  const hasKey = await access(path.join(folder, 'backup-key.pub')).then(
    () => true,
    () => false,
  )
  if (!hasKey) findings.push(warning('There is no key for backups.', 'Run once: deploy/backup --new-key'))
  return findings
}
