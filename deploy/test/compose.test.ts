import { expect, test } from 'vitest'
import { settingPrefix, settingTable } from '@brieftaube/deploy'
import { composeVariables, readComposeFile } from './compose-file.ts'

const { services, networks, volumes } = readComposeFile()
const all = Object.entries(services)
const lasting = ['gateway', 'auth', 'chat', 'db', 'cache']

test('five containers run on, and the others end or belong to a profile', () => {
  const ends = all.filter(([, { restart, profiles }]) => restart === undefined && profiles === undefined)
  expect(ends.map(([name]) => name).sort()).toEqual(['init', 'prepare'])
  const runs = all.filter(
    ([, { restart, profiles }]) => restart === 'unless-stopped' && profiles === undefined,
  )
  expect(runs.map(([name]) => name)).toEqual(lasting)
})

test.each(all)('%s runs without root, capabilities, or a writable root', (_name, service) => {
  expect(service.user).toMatch(/^[1-9]\d*:[1-9]\d*$/)
  expect(service.cap_drop).toEqual(['ALL'])
  expect(service.cap_add).toBeUndefined()
  expect(service.privileged).toBeUndefined()
  expect(service.security_opt).toContain('no-new-privileges:true')
  expect(service.read_only).toBe(true)
})

test.each(all)('%s is limited in memory, processes and logs', (_name, service) => {
  expect(service.mem_limit).toMatch(/^\d+m$/)
  expect(service.pids_limit).toBeGreaterThan(0)
  expect(service.logging).toEqual({ driver: 'json-file', options: { 'max-size': '10m', 'max-file': '5' } })
})

test('only the gateway publishes ports, and only it is in the public network', () => {
  expect(all.filter(([, { ports }]) => ports !== undefined).map(([name]) => name)).toEqual(['gateway'])
  const isPublic = all.filter(
    ([, service]) => service.networks?.includes('public') && service.profiles === undefined,
  )
  expect(isPublic.map(([name]) => name)).toEqual(['gateway'])
  for (const [, { network_mode: mode }] of all) expect([undefined, 'none']).toContain(mode)
})

test('database and cache are reachable by the services alone, and nothing but the gateway gets out', () => {
  for (const name of ['db', 'cache']) expect(services[name]?.networks).toEqual(['data'])
  const inData = all.filter(([, service]) => service.networks?.includes('data')).map(([name]) => name)
  expect(inData.sort()).toEqual(['auth', 'backup', 'cache', 'chat', 'db', 'prepare'])
  expect(networks['data']?.internal).toBe(true)
  expect(networks['services']?.internal).toBe(true)
})

test('no environment variable, command or label holds a secret: only files do', () => {
  for (const [, { environment = {}, command = [], entrypoint = [] }] of all) {
    for (const [name, value] of Object.entries(environment)) {
      if (/PASS|SECRET|KEY|TOKEN|_URL/.test(name)) expect(value).toMatch(/^(\/secrets\/|http:\/\/auth:8081$)/)
    }
    expect([...Object.values(environment), ...command, ...entrypoint].join(' ')).not.toMatch(
      /:\/\/[^/\s]*:[^/\s]*@/,
    )
  }
})

test('each service mounts its own secrets; only init and the backup see where they are generated', () => {
  for (const [name, service] of all.filter(([each]) => !['init', 'backup'].includes(each))) {
    const mounted = (service.volumes ?? []).filter((volume) => volume.startsWith('secrets'))
    const own = ['gateway', 'acme'].includes(name) ? [] : [`secrets-${name}:/secrets/${name}:ro`]
    expect(mounted).toEqual(own)
  }
  expect(services['init']?.network_mode).toBe('none')
})

test('whatever runs on says whether it is healthy, and nothing starts before what it needs', () => {
  for (const name of lasting) expect(services[name]?.healthcheck).toBeDefined()
  expect(services['db']?.depends_on).toEqual({ init: { condition: 'service_completed_successfully' } })
  expect(services['chat']?.depends_on?.['prepare']).toEqual({ condition: 'service_completed_successfully' })
})

test('every mounted volume is declared, and every declared one is mounted', () => {
  const mounted = all.flatMap(([, { volumes: mounts = [] }]) =>
    mounts.map((mount) => mount.split(':')[0] ?? ''),
  )
  expect(new Set(mounted.filter((name) => !name.startsWith('.')))).toEqual(new Set(Object.keys(volumes)))
})

test('the variables of compose.yaml are settings, with the same defaults', () => {
  for (const [variable, fallback] of composeVariables()) {
    const setting = (settingTable as Record<string, { fallback?: string }>)[
      variable.slice(settingPrefix.length)
    ]
    expect(setting, variable).toBeDefined()
    if (fallback !== undefined) expect(fallback, variable).toBe(setting?.fallback ?? '')
  }
})

test('every setting has an effect: here, or in the gateway’s configuration', () => {
  const inGateway = ['TLS', 'TRUSTED_PROXIES']
  const unused = Object.keys(settingTable).filter((name) => !composeVariables().has(settingPrefix + name))
  expect(unused.sort()).toEqual(inGateway)
})
