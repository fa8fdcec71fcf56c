import { encodeBase64Url, type deviceList as route } from '@brieftaube/protocol'
import type { Handler } from '@brieftaube/service-kit'
import type { AuthDeps } from '../deps.ts'
import { listDevices } from '../device-store.ts'

export const deviceList: Handler<typeof route, AuthDeps> = async ({ caller }, { db }) => {
  const devices = await listDevices(db.pool, caller.account)
  return {
    devices: devices.map(({ id, name, certificate, createdAt, lastSeenAt }) => ({
      device: id,
      name,
      certificate: encodeBase64Url(certificate),
      createdAt,
      lastSeenAt,
      current: id === caller.device,
    })),
  }
}
