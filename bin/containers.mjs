// The stories of the composition (deploy/test/stories): in containers where Docker can run, else as processes. Says which.
//   node bin/containers.mjs [--containers] [arguments for Vitest]
import { spawn } from 'node:child_process'
import path from 'node:path'
import { buildOwnImages, provideBaseImages } from './container-images.mjs'
import { provideEngine, removeProject } from './docker-engine.mjs'
import { root } from './prepare.mjs'

const told = process.argv.slice(2)
const mayInstall = told.includes('--containers') || process.env.CI === 'true'
const tag = 'test'
const project = `brieftaube-test-${process.pid}`

let engine
let stories
let interrupted = false
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
  process.on(signal, () => {
    interrupted = true
    if (stories === undefined) process.exit(130)
    process.kill(-stories.pid, 'SIGTERM')
  })
}

function say(sentence) {
  console.log(`\n${'═'.repeat(100)}\n${sentence}\n${'═'.repeat(100)}`)
}

async function play() {
  engine = await provideEngine({ mayInstall })
  const environment = { ...process.env }
  delete environment.CONTAINERS
  if (engine.docker === undefined) {
    say(`PROCESSES: the stories run with nginx, PostgreSQL and Redis as processes, because ${engine.why}.`)
    return runStories(environment)
  }
  if (engine.host !== undefined) {
    process.env.DOCKER_HOST = engine.host
    environment.DOCKER_HOST = engine.host
  }
  const images = provideBaseImages(engine)
  buildOwnImages(engine, images, tag)
  say(
    `CONTAINERS: the stories run in five containers, on ${engine.own ? 'an engine that was started for them' : 'the engine of this machine'}.`,
  )
  const { docker, compose } = engine
  environment.CONTAINERS = JSON.stringify({ docker, compose, project, settings: { VERSION: tag, ...images } })
  return runStories(environment)
}

function runStories(env) {
  const vitest = path.join(root, 'node_modules/vitest/vitest.mjs')
  const args = told.filter((argument) => argument !== '--containers')
  stories = spawn(process.execPath, [vitest, 'run', '--project', 'containers', '--bail=1', ...args], {
    cwd: root,
    env,
    stdio: 'inherit',
    // a group of its own, so that everything in it can be told to end
    detached: true,
  })
  return new Promise((resolve) => stories.on('exit', (code) => resolve(code ?? 1)))
}

let code = 1
try {
  code = await play()
} catch (error) {
  console.error(error instanceof Error ? error.message : error)
} finally {
  // also what interrupted stories left
  if (engine?.docker !== undefined) removeProject(engine, project)
  await engine?.close?.()
}
process.exit(interrupted ? 130 : code)
