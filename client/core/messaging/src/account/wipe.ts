/** Forgetting everything that this device kept, in memory and on disk. */
import { defaultSettings } from '@brieftaube/settings'
import type { Core } from '../core.ts'

export async function wipeDevice(core: Core): Promise<void> {
  await core.store.wipe()
  core.self = undefined
  core.conversations.clear()
  core.contacts.clear()
  core.profiles.clear()
  core.pins.clear()
  core.online.clear()
  core.answers.clear()
  core.settings = defaultSettings
  core.sync = { since: 0, contactsVersion: 0 }
  core.api.setLog(undefined)
  core.shown = undefined
  core.sentIds = { ids: new Set(), complete: false }
  core.hub.touchAll()
}
