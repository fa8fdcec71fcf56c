// The programs that the tests drive beside Node: Chromium, nginx and Redis. Installed on Debian as root, asked for elsewhere.
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import path from 'node:path'
import { fail } from './prepare.mjs'

const programs = [
  { name: 'chromium', packages: ['chromium', 'fonts-noto-color-emoji'] },
  { name: 'nginx', packages: ['nginx-light'] },
  { name: 'redis-server', packages: ['redis-server'] },
]

function isInstalled(name) {
  const folders = [...(process.env.PATH ?? '').split(path.delimiter), '/usr/sbin', '/usr/local/sbin']
  return folders.some((folder) => folder !== '' && existsSync(path.join(folder, name)))
}

export function installTestPrograms() {
  const missing = programs.filter((program) => !isInstalled(program.name))
  if (missing.length === 0) return
  const packages = missing.flatMap((program) => program.packages)
  const canInstall = existsSync('/usr/bin/apt-get') && process.getuid?.() === 0
  if (!canInstall) {
    fail(
      `The tests drive ${missing.map((program) => program.name).join(', ')}, which ${missing.length === 1 ? 'is' : 'are'} not installed. On Debian or Ubuntu: sudo apt-get install ${packages.join(' ')}`,
    )
  }
  console.log(`Installing ${packages.join(', ')} …`)
  const environment = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
  // packages that start a service of their own would take its port
  const quiet = ['-y', '-qq', '-o', 'Dpkg::Use-Pty=0', '--no-install-recommends']
  for (const args of [
    ['update', '-qq'],
    ['install', ...quiet, ...packages],
  ]) {
    const result = spawnSync('apt-get', args, { stdio: ['ignore', 'ignore', 'inherit'], env: environment })
    if (result.status !== 0) fail(`apt-get ${args[0]} failed; install ${packages.join(', ')} by hand.`)
  }
}
