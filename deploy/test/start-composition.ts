/** The form of the composition that this run plays: `CONTAINERS` is set by bin/containers.mjs where a Docker engine answers. */
import type { Composition } from './composition.ts'
import { startDockerComposition, type DockerComposition, type DockerOptions } from './docker-composition.ts'
import { startProcessComposition } from './process-composition.ts'

export async function startComposition(): Promise<Composition> {
  const told = process.env['CONTAINERS']
  return told === undefined
    ? startProcessComposition()
    : startDockerComposition(JSON.parse(told) as DockerOptions)
}

export function inContainers(composition: Composition): composition is DockerComposition {
  return composition.form === 'containers'
}
