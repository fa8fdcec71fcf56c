/** What holds for the composition only when it runs in containers. */
import { expect, test } from 'vitest'
import type { Composition } from '../composition.ts'
import type { DockerComposition } from '../docker-composition.ts'
import { inspectAll, readSecrets } from '../inspect.ts'
import { inContainers } from '../start-composition.ts'

export function containerTests(current: () => Composition): void {
  const only = (skip: (why: string) => never): DockerComposition => {
    const composition = current()
    return inContainers(composition) ? composition : skip('there are no containers')
  }

  test('Docker confirms users, capabilities, read-only roots, limits and published ports', async ({
    skip,
  }) => {
    const inspected = await inspectAll(only(skip))
    expect(inspected).toHaveLength(7)
    for (const { service, container } of inspected) {
      const { HostConfig: host, Config: config } = container
      expect(config.User, service).toBe('999:999')
      expect(host, service).toMatchObject({
        ReadonlyRootfs: true,
        Privileged: false,
        CapDrop: ['ALL'],
        CapAdd: null,
      })
      expect(host.SecurityOpt, service).toContain('no-new-privileges:true')
      expect(host.Memory, service).toBeGreaterThan(0)
      expect(host.PidsLimit, service).toBeGreaterThan(0)
      expect(host.LogConfig, service).toMatchObject({ Type: 'json-file', Config: { 'max-file': '5' } })
      const published = Object.values(host.PortBindings ?? {}).flat()
      expect(published.length, service).toBe(service === 'gateway' ? 2 : 0)
      for (const { HostIp: address } of published) expect(address).toBe('127.0.0.1')
    }
  })

  test('no secret is in what Docker knows, in an image, or in a log', async ({ skip }) => {
    const composition = only(skip)
    const secrets = await readSecrets(composition)
    expect(secrets.length).toBe(10)
    const images = ['services', 'gateway'].map((name) => `brieftaube/${name}:${composition.tag}`)
    const histories = await Promise.all(
      images.map((image) => composition.docker('history', '--no-trunc', image)),
    )
    const known = [
      ...(await inspectAll(composition)).map(({ text }) => text),
      ...histories,
      await composition.logs(),
    ]
    for (const secret of secrets) {
      expect(secret.length).toBeGreaterThanOrEqual(32)
      expect(known.some((text) => text.includes(secret))).toBe(false)
    }
  })

  test('the services’ user may not flush, configure, debug or list the cache', async ({ skip }) => {
    const composition = only(skip)
    const url = (await composition.exec('chat', 'cat', '/secrets/chat/redis-url')).trim()
    const ask = (...command: string[]) =>
      composition.exec('cache', 'redis-cli', '--no-auth-warning', '-u', url, ...command)
    expect(await ask('ping')).toContain('PONG')
    for (const command of [['flushall'], ['config', 'get', '*'], ['debug', 'sleep', '0'], ['keys', '*']])
      expect(await ask(...command)).toMatch(/NOPERM|DEBUG command not allowed/)
    expect(await composition.exec('cache', 'redis-cli', 'keys', '*')).toMatch(/NOAUTH/)
  })

  test('the administrator’s command works in the auth container, and shows no content', async ({ skip }) => {
    const composition = only(skip)
    const administer = (...words: string[]) => composition.exec('auth', 'brieftaube-admin', ...words)
    const link = /https:\/\/\S+/.exec(await administer('invite', 'create'))?.[0] ?? ''
    expect(new URL(link).origin).toBe(new URL(composition.address).origin)
    expect(await administer('admin-link')).toContain(new URL(composition.address).origin)
    expect(await administer('storage')).toMatch(/auth\.account/)
    await expect(administer('disable', 'nobody')).rejects.toThrow(/nobody/)
  })

  test('the gateway reaches neither database nor cache, and the services reach nothing outside', async ({
    skip,
  }) => {
    const composition = only(skip)
    const reaches = (service: string, host: string, port: number) =>
      composition.exec(service, 'timeout', '3', 'bash', '-c', `exec 3<>/dev/tcp/${host}/${port}`).then(
        () => true,
        () => false,
      )
    expect(await reaches('gateway', 'auth', 8081)).toBe(true)
    expect(await reaches('gateway', 'db', 5432)).toBe(false)
    expect(await reaches('gateway', 'cache', 6379)).toBe(false)
    expect(await reaches('auth', 'db', 5432)).toBe(true)
    // the gateway's address in the public network stands for everything outside
    const [gateway = ''] = await composition.containers('gateway')
    const format = '{{range $name, $net := .NetworkSettings.Networks}}{{$name}}={{$net.Gateway}} {{end}}'
    const outside = /public=([\d.]+)/.exec(
      await composition.docker('inspect', '--format', format, gateway),
    )?.[1]
    expect(outside).toBeDefined()
    expect(await reaches('chat', outside ?? '', Number(new URL(composition.address).port))).toBe(false)
  })
}
