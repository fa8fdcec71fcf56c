/** What Docker says about running containers, as far as the stories judge it. */
import { z } from 'zod'
import { serviceNames } from './composition.ts'
import type { DockerComposition } from './docker-composition.ts'

const containerSchema = z.object({
  Name: z.string(),
  Config: z.object({ User: z.string(), Env: z.array(z.string()), Cmd: z.array(z.string()).nullable() }),
  HostConfig: z.object({
    ReadonlyRootfs: z.boolean(),
    Privileged: z.boolean(),
    CapDrop: z.array(z.string()).nullable(),
    CapAdd: z.array(z.string()).nullable(),
    SecurityOpt: z.array(z.string()).nullable(),
    Memory: z.number(),
    PidsLimit: z.number().nullable(),
    PortBindings: z
      .record(z.string(), z.array(z.object({ HostIp: z.string(), HostPort: z.string() })))
      .nullable(),
    LogConfig: z.object({ Type: z.string(), Config: z.record(z.string(), z.string()) }),
  }),
  NetworkSettings: z.object({ Networks: z.record(z.string(), z.unknown()) }),
})
export type Container = z.infer<typeof containerSchema>

export interface Inspected {
  readonly service: string
  readonly container: Container
  /** All that Docker knows. */
  readonly text: string
}

/** The five that run and the two that ended. */
export async function inspectAll(composition: DockerComposition): Promise<readonly Inspected[]> {
  const inspected: Inspected[] = []
  for (const service of [...serviceNames, 'init', 'prepare'] as const) {
    for (const id of await composition.containers(service)) {
      const text = await composition.docker('inspect', id)
      const [container] = z.array(containerSchema).parse(JSON.parse(text))
      if (container !== undefined) inspected.push({ service, container, text })
    }
  }
  return inspected
}

/** Every secret of the server, read as its own services read them. */
export async function readSecrets(composition: DockerComposition): Promise<string[]> {
  const secrets: string[] = []
  const files = {
    auth: ['pepper', 'sealing-key', 'internal-secret', 'opaque-server-setup', 'signing-keys'],
    chat: ['database-url', 'database-owner-url', 'redis-url', 'vapid'],
    db: ['superuser-password'],
  }
  for (const [service, names] of Object.entries(files)) {
    const texts = await Promise.all(
      names.map((name) => composition.exec(service, 'cat', `/secrets/${service}/${name}`)),
    )
    secrets.push(...texts.map((text) => secretPart(text.trim())))
  }
  return secrets
}

/** Of a URL the password, of a key its private part. */
function secretPart(text: string): string {
  if (URL.canParse(text)) return new URL(text).password
  return /"d":"([^"]+)"/.exec(text)?.[1] ?? text
}
