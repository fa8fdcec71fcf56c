/** Everything a window may show: named states that the core pushes whenever they change. */
import type { AccountId, ClientId, ContactState, ConversationId, DeviceId } from '@brieftaube/protocol'
import type { Failure } from './bus.ts'
import type { Settings } from './settings.ts'

interface View<Parameter, State> {
  readonly parameter: Parameter
  readonly state: State
}
type Nothing = Record<string, never>

export interface Views {
  readonly session: View<Nothing, SessionView>
  readonly connection: View<Nothing, ConnectionView>
  readonly profile: View<Nothing, ProfileView>
  readonly devices: View<Nothing, readonly DeviceView[]>
  readonly contacts: View<Nothing, readonly ContactView[]>
  readonly conversations: View<Nothing, readonly ConversationRow[]>
  readonly conversation: View<{ conversation: ConversationId }, ConversationView>
  readonly messages: View<{ conversation: ConversationId }, MessagesView>
  readonly settings: View<Nothing, Settings>
}

export type SessionView =
  | { readonly kind: 'loading' }
  | {
      readonly kind: 'signed-out'
      readonly registration: 'open' | 'invite-only' | undefined
      readonly serverName: string | undefined
      readonly reason?: 'revoked' | 'storage-lost' | 'expired' | 'disabled' | undefined
    }
  /** Registered, but the keeping of the recovery key is not confirmed; the key itself is shown again from here. */
  | { readonly kind: 'confirming-recovery-key'; readonly userName: string; readonly recoveryKey: string }
  | {
      readonly kind: 'signed-in'
      readonly account: AccountId
      readonly device: DeviceId
      readonly userName: string
      readonly role: 'user' | 'admin'
    }

export interface ConnectionView {
  readonly kind: 'online' | 'connecting' | 'offline'
  /** Messages that wait to be sent, over all conversations. */
  readonly waiting: number
  readonly catchingUp: boolean
}

export interface PersonView {
  readonly account: AccountId
  readonly userName: string
  readonly displayName: string
  readonly statusText: string
  readonly picture: Uint8Array | undefined
}

export interface ProfileView extends PersonView {
  /** The own address to share: origin + "/@" + user name is built by the window. */
  readonly accountKeyShort: string
}

export interface DeviceView {
  readonly device: DeviceId
  readonly name: string
  readonly createdAt: number
  readonly lastSeenAt: number
  readonly current: boolean
}

export interface ContactView extends PersonView {
  readonly state: ContactState
  readonly verified: boolean
  /** The account key differs from the pinned one: sending is stopped until the user has decided. */
  readonly keyChanged: boolean
  readonly online: boolean
  /** The direct conversation, if there is one. */
  readonly conversation: ConversationId | undefined
}

/** clock · one tick · two ticks · filled · red */
export type DeliveryState = 'waiting' | 'sent' | 'delivered' | 'read' | 'failed'

export interface ConversationRow {
  readonly conversation: ConversationId
  readonly kind: 'direct' | 'group'
  /** A direct conversation: the other's display name; a group: its title, '' while unknown. */
  readonly title: string
  readonly picture: Uint8Array | undefined
  readonly peer: AccountId | undefined
  readonly unread: number
  readonly draft: string
  /** Milliseconds since 1970 of what decides the order. */
  readonly lastActivityAt: number
  readonly preview: PreviewView | undefined
  readonly typing: readonly string[]
  readonly verified: boolean
  readonly online: boolean
  /** false after leaving or being removed: history stays, nothing can be written. */
  readonly active: boolean
}

export type PreviewView =
  | {
      readonly kind: 'text'
      readonly text: string
      readonly author: string
      readonly own: boolean
      readonly state: DeliveryState | undefined
    }
  | { readonly kind: 'system'; readonly event: SystemEvent }
  | { readonly kind: 'unsupported' }

export interface MemberView extends PersonView {
  readonly admin: boolean
  readonly own: boolean
  readonly verified: boolean
  readonly keyChanged: boolean
  readonly online: boolean
  readonly devices: number
}

export interface ConversationView {
  readonly conversation: ConversationId
  readonly kind: 'direct' | 'group'
  readonly title: string
  readonly picture: Uint8Array | undefined
  readonly peer: AccountId | undefined
  readonly members: readonly MemberView[]
  readonly ownRole: 'admin' | 'member'
  readonly active: boolean
  readonly draft: string
  /** Display names, in the order in which they began. */
  readonly typing: readonly string[]
  /** Why nothing can be sent now, if so. */
  readonly sendingBlocked: 'key-changed' | 'left' | 'blocked' | 'preparing' | undefined
  /** Members whose account key changed. */
  readonly keyChanged: readonly AccountId[]
}

/** Ascending. `messages` is the loaded window, always up to the newest. */
export interface MessagesView {
  readonly conversation: ConversationId
  readonly messages: readonly MessageView[]
  /** Whether older ones are stored on this device. */
  readonly more: boolean
  /** The read cursor when the conversation was opened: the divider stands before the first message beyond it. */
  readonly readSeq: number
  /** This device joined later: what was before is not here. */
  readonly joinedLater: boolean
}

export type MessageView = TextMessageView | SystemMessageView | BrokenMessageView

interface MessageCommon {
  /** Stable over its whole life: the local id of an own message from this device, else "device:counter" or "seq:…". */
  readonly key: string
  /** undefined while it waits. */
  readonly seq: number | undefined
  /** Milliseconds since 1970; the sending device's clock while it waits, then the server's. */
  readonly at: number
}

export interface TextMessageView extends MessageCommon {
  readonly kind: 'text'
  readonly clientId: ClientId | undefined
  readonly localId: string | undefined
  readonly author: AccountId
  readonly authorName: string
  readonly own: boolean
  readonly text: string
  readonly replyTo: { readonly author: string; readonly text: string; readonly key: string } | undefined
  /** Only for own messages. */
  readonly state: DeliveryState | undefined
  readonly failure: Failure | undefined
}

export interface SystemMessageView extends MessageCommon {
  readonly kind: 'system'
  readonly event: SystemEvent
}

/** A placeholder that says why, and goes away when the repair succeeds. */
export interface BrokenMessageView extends MessageCommon {
  readonly kind: 'broken'
  readonly author: AccountId | undefined
  readonly authorName: string
  readonly reason: 'cannot-open' | 'not-for-this-device' | 'altered' | 'unsupported'
  readonly repairing: boolean
}

/** From verified commits only; names are display names, `own` flags let the window say "you". */
export type SystemEvent =
  | { readonly kind: 'created'; readonly by: NameView }
  | { readonly kind: 'members-added'; readonly by: NameView; readonly who: readonly NameView[] }
  | { readonly kind: 'member-removed'; readonly by: NameView; readonly who: NameView }
  | { readonly kind: 'member-left'; readonly who: NameView }
  | { readonly kind: 'device-added'; readonly who: NameView }
  | { readonly kind: 'device-removed'; readonly who: NameView }
  | { readonly kind: 'admin-changed'; readonly by: NameView; readonly who: NameView; readonly admin: boolean }
  | { readonly kind: 'title-changed'; readonly by: NameView; readonly title: string }
  | { readonly kind: 'key-changed'; readonly who: NameView }
  | { readonly kind: 'reset' }
  /** The server was restored from an older backup; what stands above this line is no longer in its log. */
  | { readonly kind: 'restored' }
  | {
      readonly kind: 'restored-members'
      /** Members again, whom this device knew as removed. */
      readonly back: readonly NameView[]
      /** No longer members. */
      readonly gone: readonly NameView[]
    }
  | { readonly kind: 'history-warning'; readonly reason: 'gap' | 'reordered' | 'forked' | 'refused-change' }

export interface NameView {
  readonly account: AccountId
  readonly name: string
  readonly own: boolean
}
