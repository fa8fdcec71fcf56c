/** Who is signed in: taking up what is stored, entering, and leaving. */
import { decodeDevice, signRevocation } from '@brieftaube/encryption'
import { authRoutes, encodeBase64Url, ProtocolError } from '@brieftaube/protocol'
import { parseSettings } from '@brieftaube/settings'
import { put } from '@brieftaube/storage'
import type { SessionView } from '@brieftaube/contract'
import { connect, disconnect } from '../connection.ts'
import { addConversation, reloadConversation } from '../conversation.ts'
import { selfOf, type Core } from '../core.ts'
import type { AccountRecord } from '../records.ts'
import { forgetOldLocalIds } from '../send/outbox.ts'
import { tables } from '../tables.ts'
import { decodeVaultRecord } from './vault-record.ts'
import { wipeDevice } from './wipe.ts'

/** At the start: what is stored decides; only an empty store asks the server. */
export async function resumeSession(core: Core): Promise<void> {
  const row = await core.store.get(tables.account, ['self'])
  const settings = await core.store.get(tables.settings, ['self'])
  if (settings !== undefined) core.settings = parseSettings(settings)
  if (row === undefined) return beginSignedOut(core)
  switch (row.phase) {
    case 'registering':
      return resumeRegistration(core, row)
    case 'ended':
      return showSignedOut(core, 'expired')
    case 'confirming':
    case 'ready':
      return enterSession(core, row)
  }
}

/** The cookie of an account whose storage is gone: the next login replaces that device. */
async function beginSignedOut(core: Core): Promise<void> {
  showSignedOut(core, undefined)
  core.background.run('look-for-session', async () => {
    try {
      const session = await core.api.refresh()
      if (core.session.kind !== 'signed-out') return
      core.lostDevice = session.device
      core.api.setSession(undefined)
      showSignedOut(core, 'storage-lost')
    } catch (thrown) {
      if (!(thrown instanceof ProtocolError)) throw thrown
    }
  })
  return Promise.resolve()
}

/** The last answer of a registration was lost: if its cookie is here, it was finished. */
async function resumeRegistration(core: Core, row: AccountRecord): Promise<void> {
  try {
    const session = await core.api.refresh()
    if (session.account === row.account)
      return await enterSession(core, { ...row, phase: 'confirming', role: session.role })
  } catch (thrown) {
    if (!(thrown instanceof ProtocolError)) core.log('registration-unknown')
  }
  await wipeDevice(core)
  showSignedOut(core, undefined)
}

/** Stores who is signed in, takes up everything that is kept for this account, and connects. */
export async function enterSession(core: Core, row: AccountRecord): Promise<void> {
  await core.store.commit([put(tables.account, ['self'], row)])
  const device = decodeDevice(row.device)
  const vault = decodeVaultRecord(row.vault)
  const { account, userName, role } = row
  const first = core.self === undefined
  core.self = { account, deviceId: device.device, device, vault, userName, role }
  if (first) await loadAll(core)
  core.session =
    row.phase === 'confirming' && row.recoveryKey !== undefined
      ? { kind: 'confirming-recovery-key', userName, recoveryKey: row.recoveryKey }
      : { kind: 'signed-in', account, device: device.device, userName, role }
  core.hub.touchAll()
  connect(core)
}

async function loadAll(core: Core): Promise<void> {
  const { store } = core
  for (const { value } of await store.list(tables.contacts)) core.contacts.set(value.account, value)
  for (const { value } of await store.list(tables.profiles)) core.profiles.set(value.account, value)
  for (const { value } of await store.list(tables.pins)) core.pins.set(value.account, value)
  core.sync = (await store.get(tables.sync, ['self'])) ?? core.sync
  core.api.setLog(core.sync.log)
  for (const { value } of await store.list(tables.conversations)) addConversation(core, value)
  await loadWaiting(core)
  core.background.run('old-local-ids', () => forgetOldLocalIds(core))
}

/** Only conversations in which something waits need more than their record. */
async function loadWaiting(core: Core): Promise<void> {
  const rows = [
    ...(await core.store.list(tables.outbox)),
    ...(await core.store.list(tables.pending)),
    ...(await core.store.list(tables.intents)),
  ]
  for (const id of new Set(rows.map(({ key }) => key[0]))) {
    const conversation = core.conversations.get(id)
    if (conversation !== undefined) await reloadConversation(core, conversation)
  }
}

/**
 * The server does not know this session any more. revoked: the device is gone for good, so is what it kept. expired: the
 * same device goes on where it was after the next login.
 */
export async function endSession(core: Core, reason: 'revoked' | 'expired' | 'disabled'): Promise<void> {
  if (core.self === undefined) return
  core.log('session-ended', { reason })
  await disconnect(core)
  const row = await core.store.get(tables.account, ['self'])
  if (reason === 'revoked' || row === undefined) await wipeDevice(core)
  else {
    await core.store.commit([put(tables.account, ['self'], { ...row, phase: 'ended' })])
    forgetMemory(core)
  }
  showSignedOut(core, reason)
}

function forgetMemory(core: Core): void {
  core.self = undefined
  core.conversations.clear()
  core.contacts.clear()
  core.profiles.clear()
  core.pins.clear()
  core.answers.clear()
  core.sentIds = { ids: new Set(), complete: false }
}

/** The browser took the storage away while it was open: what is in memory cannot be trusted to last. */
export async function storageLost(core: Core): Promise<void> {
  core.lostDevice = core.self?.deviceId
  core.log('storage-lost')
  await disconnect(core)
  forgetMemory(core)
  core.api.setSession(undefined)
  showSignedOut(core, 'storage-lost')
}

/** Signs this device out for good and forgets what it kept. */
export async function logOut(core: Core): Promise<void> {
  const self = selfOf(core)
  const statement = signRevocation(self.vault, { device: self.deviceId, issuedAt: core.clock.now() })
  try {
    await core.api.call(authRoutes.logout, { body: { statement: encodeBase64Url(statement) } })
  } catch (thrown) {
    if (!(thrown instanceof ProtocolError && thrown.code === 'unauthenticated')) throw thrown
  }
  core.api.setSession(undefined)
  await disconnect(core)
  await wipeDevice(core)
  showSignedOut(core, undefined)
}

type Reason = Extract<SessionView, { kind: 'signed-out' }>['reason']

function showSignedOut(core: Core, reason: Reason): void {
  const known = core.session.kind === 'signed-out' ? core.session : undefined
  const { registration, serverName } = known ?? { registration: undefined, serverName: undefined }
  core.session = { kind: 'signed-out', registration, serverName, ...(reason === undefined ? {} : { reason }) }
  core.connection = 'offline'
  core.hub.touchAll()
  core.background.run('server-info', () => askServer(core))
}

const ASK_AGAIN_MS = 5000

async function askServer(core: Core): Promise<void> {
  try {
    const { registration, name } = await core.api.call(authRoutes.serverInfo)
    if (core.session.kind !== 'signed-out') return
    core.session = { ...core.session, registration, serverName: name }
    core.connection = 'online'
    core.hub.touch('session')
    core.hub.touch('connection')
  } catch {
    if (core.session.kind === 'signed-out')
      core.background.after(ASK_AGAIN_MS, 'server-info', () => askServer(core))
  }
}
