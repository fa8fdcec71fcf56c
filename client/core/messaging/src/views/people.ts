/** People as windows show them. */
import { encodeHex, type AccountId } from '@brieftaube/protocol'
import type { ContactView, DeviceView, NameView, PersonView, ProfileView } from '@brieftaube/contract'
import { devicesOf } from '../account/devices.ts'
import type { Core } from '../core.ts'
import { directs } from '../group/directs.ts'

export function personOf(core: Core, account: AccountId): PersonView {
  const profile = core.profiles.get(account)
  return {
    account,
    userName: profile?.userName ?? '',
    displayName: profile?.displayName ?? '',
    statusText: profile?.statusText ?? '',
    picture: profile?.picture,
  }
}

export function nameOf(core: Core, account: AccountId): string {
  const profile = core.profiles.get(account)
  return profile === undefined ? '' : profile.displayName || profile.userName
}

export function nameViewOf(core: Core, account: AccountId): NameView {
  return { account, name: nameOf(core, account), own: account === core.self?.account }
}

export function profileView(core: Core): ProfileView | undefined {
  const { self } = core
  if (self === undefined) return undefined
  const person = personOf(core, self.account)
  const { userName } = self
  const accountKeyShort = encodeHex(self.device.accountKey.subarray(0, 8))
  return { ...person, userName, displayName: person.displayName || userName, accountKeyShort }
}

export function contactsView(core: Core): readonly ContactView[] {
  const conversations = directs(core)
  const views = [...core.contacts.values()].map(({ account, state }): ContactView => {
    const pin = core.pins.get(account)
    return {
      ...personOf(core, account),
      state,
      verified: isVerified(core, account),
      keyChanged: pin?.changedTo !== undefined,
      online: core.online.has(account),
      conversation: conversations.get(account)?.record.conversation,
    }
  })
  return views.sort((a, b) => a.displayName.localeCompare(b.displayName))
}

export function isVerified(core: Core, account: AccountId): boolean {
  const pin = core.pins.get(account)
  return pin?.verified === true && pin.changedTo === undefined
}

export function devicesView(core: Core): readonly DeviceView[] | undefined {
  return core.self === undefined ? undefined : devicesOf(core)
}
