/** The devices of the own account. */
import { cleanName } from '@brieftaube/content'
import { signRevocation } from '@brieftaube/encryption'
import { authRoutes, encodeBase64Url, limits, type DeviceId } from '@brieftaube/protocol'
import type { DeviceView } from '@brieftaube/contract'
import { selfOf, type Core } from '../core.ts'
import { fail } from '../failure.ts'

const lists = new WeakMap<Core, readonly DeviceView[]>()

/** As last answered; undefined before. */
export function devicesOf(core: Core): readonly DeviceView[] | undefined {
  return lists.get(core)
}

export async function refreshDevices(core: Core): Promise<void> {
  const { devices } = await core.api.call(authRoutes.deviceList)
  const views = devices.map(({ device, name, createdAt, lastSeenAt, current }) => ({
    device,
    name: cleanName(name, limits.deviceNameMaxChars),
    createdAt,
    lastSeenAt,
    current,
  }))
  lists.set(core, views)
  core.hub.touch('devices')
}

export async function renameDevice(core: Core, device: DeviceId, name: string): Promise<void> {
  const clean = cleanName(name, limits.deviceNameMaxChars)
  if (clean === '') fail('empty-text', 'a device has a name')
  await core.api.call(authRoutes.deviceRename, { params: { device }, body: { name: clean } })
  await refreshDevices(core)
}

/** Signed by the account key: the server passes it into every conversation, and whoever writes next commits the removal. */
export async function revokeDevice(core: Core, device: DeviceId): Promise<void> {
  const self = selfOf(core)
  if (device === self.deviceId) fail('forbidden', 'this device signs itself out')
  const statement = encodeBase64Url(signRevocation(self.vault, { device, issuedAt: core.clock.now() }))
  await core.api.call(authRoutes.deviceRevoke, { params: { device }, body: { statement } })
  await refreshDevices(core)
}
