// A Docker engine for the tests: the one that answers, or on Debian as root one that is installed, started and stopped here.
import { spawn, spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'

const folder = '/var/cache/brieftaube-test'
const socket = '/run/brieftaube-test-docker.sock'
const packages = ['docker.io', 'docker-compose', 'debootstrap', 'iptables']
// Debian's first: another program of that name may stand before it in the path
const candidates = ['/usr/bin/docker', 'docker']

const answers = (command, args, environment = {}) =>
  spawnSync(command, args, { stdio: 'ignore', timeout: 15_000, env: { ...process.env, ...environment } })
    .status === 0

/**
 * `{ docker, compose, host, own, close }`, or `{ why }` when there is none. `mayInstall` allows to install packages and to
 * start an engine of our own; that one ends with this process, however it ends.
 */
export async function provideEngine({ mayInstall }) {
  const running = candidates.find((command) => answers(command, ['info']))
  if (running !== undefined) {
    const compose = findCompose(running)
    if (compose !== undefined)
      return { docker: running, compose, host: process.env.DOCKER_HOST, own: false, close: () => undefined }
    if (!mayInstall)
      return { why: 'a Docker engine runs here, but neither "docker compose" nor docker-compose' }
  }
  if (!mayInstall)
    return { why: 'no Docker engine answers here (--containers installs one on Debian as root)' }
  const canInstall = existsSync('/usr/bin/apt-get') && process.getuid?.() === 0
  if (!canInstall) return { why: 'no Docker engine answers, and only on Debian as root one can be installed' }
  if (!installPackages()) return { why: 'the Docker engine could not be installed' }
  return running === undefined ? startOwn() : provideEngine({ mayInstall: false })
}

function findCompose(docker, environment) {
  if (answers(docker, ['compose', 'version'], environment)) return [docker, 'compose']
  return answers('docker-compose', ['version'], environment) ? ['docker-compose'] : undefined
}

function installPackages() {
  if (
    ['/usr/sbin/dockerd', '/usr/bin/docker-compose', '/usr/sbin/debootstrap'].every((file) =>
      existsSync(file),
    )
  )
    return true
  console.log(`Installing ${packages.join(', ')} for the stories in containers …`)
  // the package would start an engine that nobody stops
  const policy = '/usr/sbin/policy-rc.d'
  const ownPolicy = !existsSync(policy)
  if (ownPolicy) writeFileSync(policy, '#!/bin/sh\nexit 101\n', { mode: 0o755 })
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
  const quiet = ['-y', '-qq', '-o', 'Dpkg::Use-Pty=0', '--no-install-recommends']
  const done = [
    ['update', '-qq'],
    ['install', ...quiet, ...packages],
  ].every((args) => spawnSync('apt-get', args, { stdio: ['ignore', 'ignore', 'inherit'], env }).status === 0)
  if (ownPolicy) rmSync(policy, { force: true })
  return done
}

async function startOwn() {
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const pidFile = path.join(folder, 'docker.pid')
  const log = path.join(folder, 'dockerd.log')
  const output = openSync(log, 'w')
  const host = `unix://${socket}`
  const engine = spawn(
    '/usr/sbin/dockerd',
    [
      ...['--host', host, '--pidfile', pidFile],
      ...['--data-root', path.join(folder, 'data'), '--exec-root', '/run/brieftaube-test-docker'],
    ],
    { stdio: ['ignore', output, output], detached: true },
  )
  guard(engine.pid)
  let ended = false
  engine.on('exit', () => {
    ended = true
  })
  const docker = '/usr/bin/docker'
  const environment = { DOCKER_HOST: host }
  for (const until = Date.now() + 60_000; ;) {
    if (answers(docker, ['info'], environment)) break
    if (ended || Date.now() > until) {
      engine.kill('SIGTERM')
      return { why: `the Docker engine does not start here: ${readFileSync(log, 'utf8').slice(-300)}` }
    }
    await new Promise((resolve) => setTimeout(resolve, 300))
  }
  // what a killed run left would start again with the engine
  removeProject({ docker, host })
  console.log('Started a Docker engine of our own; it is stopped afterwards.')
  const close = async () => {
    if (ended) return
    const exited = new Promise((resolve) => engine.once('exit', resolve))
    engine.kill('SIGTERM')
    await exited
    console.log('Stopped the Docker engine.')
  }
  return { docker, compose: findCompose(docker, environment) ?? ['docker-compose'], host, own: true, close }
}

/** Removes every container, network and volume of a Compose project, or of all projects. */
export function removeProject({ docker, host }, project) {
  const env = { ...process.env, ...(host === undefined ? {} : { DOCKER_HOST: host }) }
  const label = `label=com.docker.compose.project${project === undefined ? '' : `=${project}`}`
  const ask = (...args) =>
    spawnSync(docker, args, { encoding: 'utf8', env })
      .stdout.split('\n')
      .filter((id) => id !== '')
  const kinds = [
    { list: ['ps', '--all', '--quiet'], remove: ['rm', '--force', '--volumes'] },
    { list: ['network', 'ls', '--quiet'], remove: ['network', 'rm'] },
    { list: ['volume', 'ls', '--quiet'], remove: ['volume', 'rm', '--force'] },
  ]
  for (const { list, remove } of kinds) {
    const ids = ask(...list, '--filter', label)
    if (ids.length > 0) ask(...remove, ...ids)
  }
}

/** Outlives this process, even a killed one, to stop the engine and with it every container. */
function guard(pid) {
  const script = `while kill -0 ${process.pid} 2>/dev/null; do sleep 1; done; kill -TERM ${pid} 2>/dev/null
for i in $(seq 40); do kill -0 ${pid} 2>/dev/null || exit 0; sleep 1; done; kill -KILL ${pid}`
  spawn('/bin/sh', ['-c', script], { stdio: 'ignore', detached: true }).unref()
}
