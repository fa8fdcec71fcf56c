/** What this device keeps, by table. Everything is sealed by the store; bytes are Uint8Array. */
import type {
  AccountId,
  Bytes,
  ClientId,
  ContactState,
  ConversationId,
  DeviceId,
  LogIncarnation,
} from '@brieftaube/protocol'
import type { Failure } from '@brieftaube/contract'

/** The signed-in account; one row. */
export interface AccountRecord {
  /** registering: the server may or may not have it · confirming: the recovery key is still to be kept · ended: sign in again. */
  readonly phase: 'registering' | 'confirming' | 'ready' | 'ended'
  readonly account: AccountId
  readonly userName: string
  readonly role: 'user' | 'admin'
  /** `encodeDevice`. */
  readonly device: Bytes
  /** `encodeVault`. */
  readonly vault: Bytes
  /** Only until its keeping is confirmed. */
  readonly recoveryKey?: string | undefined
}

/** Where this device stands in a conversation's log, and what is known of it. One row per conversation. */
export interface ConversationRecord {
  readonly conversation: ConversationId
  readonly kind: 'direct' | 'group'
  /** joining: no group state yet · active · left: by leaving or being removed. */
  readonly status: 'joining' | 'active' | 'left'
  readonly generation: number
  readonly epoch: number
  /** The last applied entry and the chain's head there. */
  readonly seq: number
  readonly head: Bytes
  /** The other one of a direct conversation. */
  readonly peer?: AccountId | undefined
  /** Members by account, in leaf order. */
  readonly accounts: readonly AccountId[]
  readonly title: string
  /** The sealed card's version, as last seen. */
  readonly cardVersion: number
  /** Entries up to here were before this device took part. */
  readonly joinedSeq: number
  /** This device came to a conversation that its account already had. */
  readonly joinedLater: boolean
  readonly nextCounter: number
  readonly draft: string
  readonly readSeq: number
  readonly unread: number
  /** Milliseconds since 1970. */
  readonly lastActivityAt: number
  readonly preview?: StoredPreview | undefined
  /** Other members' cursors. */
  readonly receipts: Readonly<Record<string, { readonly delivered: number; readonly read: number }>>
  /** History warnings are given once per reason and generation. */
  readonly warned: readonly string[]
  /** When the last repair by joining again was tried. */
  readonly repairedAt: number
  /** The last entry that the group's state has followed, once it could not follow the next one. */
  readonly lostSince?: { readonly seq: number; readonly head: Bytes } | undefined
  /** The members as they were before the server was restored, until this device is back among them. */
  readonly accountsBefore?: readonly AccountId[] | undefined
  /** Placeholders that may still be mended, by seq. */
  readonly broken: readonly number[]
}

export type StoredPreview =
  | { readonly kind: 'text'; readonly text: string; readonly account: AccountId; readonly seq: number }
  | { readonly kind: 'system'; readonly event: StoredEvent; readonly seq: number }
  | { readonly kind: 'unsupported'; readonly seq: number }

/** `SystemEvent` of the contract with ids in place of names. */
export type StoredEvent =
  | { readonly kind: 'created'; readonly by: AccountId }
  | { readonly kind: 'members-added'; readonly by: AccountId; readonly who: readonly AccountId[] }
  | { readonly kind: 'member-removed'; readonly by: AccountId; readonly who: AccountId }
  | { readonly kind: 'member-left'; readonly who: AccountId }
  | { readonly kind: 'device-added'; readonly who: AccountId }
  | { readonly kind: 'device-removed'; readonly who: AccountId }
  | {
      readonly kind: 'admin-changed'
      readonly by: AccountId
      readonly who: AccountId
      readonly admin: boolean
    }
  | { readonly kind: 'title-changed'; readonly by: AccountId; readonly title: string }
  | { readonly kind: 'key-changed'; readonly who: AccountId }
  | { readonly kind: 'reset' }
  | { readonly kind: 'restored' }
  /** Members after a restore that this device knew as removed, and the other way round. */
  | {
      readonly kind: 'restored-members'
      readonly back: readonly AccountId[]
      readonly gone: readonly AccountId[]
    }
  | { readonly kind: 'history-warning'; readonly reason: HistoryWarning }

export type HistoryWarning = 'gap' | 'reordered' | 'forked' | 'refused-change'

interface EntryCommon {
  readonly seq: number
  /** Milliseconds since 1970, by the server. */
  readonly at: number
  readonly generation: number
  /** head(seq) of the chain. */
  readonly head: Bytes
  /** Lines that are shown with this entry. */
  readonly events?: readonly StoredEvent[] | undefined
}

interface MessageCommon extends EntryCommon {
  readonly device: DeviceId
  readonly counter: number
  readonly account: AccountId
  /** What the archive needs: the message key and SHA-256(body), 32 bytes each. Absent for what this device sent. */
  readonly messageKey?: Bytes | undefined
  readonly bodyHash?: Bytes | undefined
}

export interface TextRecord extends MessageCommon {
  readonly kind: 'text'
  readonly localId?: string | undefined
  readonly text: string
  readonly replyTo?: ClientId | undefined
}
export interface UnsupportedRecord extends MessageCommon {
  readonly kind: 'unsupported'
  readonly content: Bytes
}
export interface BrokenRecord extends EntryCommon {
  readonly kind: 'broken'
  readonly device: DeviceId
  readonly counter: number
  readonly account?: AccountId | undefined
  readonly reason: 'cannot-open' | 'not-for-this-device' | 'altered'
  /** The refusal, for the log. */
  readonly detail: string
  /** The frame opened, its body did not fit: another copy of the body mends it. */
  readonly messageKey?: Bytes | undefined
  readonly bodyHash?: Bytes | undefined
}
/** A row without a bubble: commits, notices, titles; it may carry lines. */
interface PlainRecord extends EntryCommon {
  readonly kind: 'plain'
}
export type StoredEntry = TextRecord | UnsupportedRecord | BrokenRecord | PlainRecord

/** One message on its way out. Ordered by counter within its conversation. */
export interface OutboxRecord {
  readonly conversation: ConversationId
  readonly counter: number
  readonly localId: string
  /** Milliseconds since 1970, by this device. */
  readonly at: number
  /** The content's bytes: what is sealed. */
  readonly content: Bytes
  /** What is shown; absent for contents without a bubble. */
  readonly text?: string | undefined
  readonly replyTo?: ClientId | undefined
  /** Once encrypted: the same bytes go out until they are answered. */
  readonly sealed?: SealedMessage | undefined
  readonly failure?: Failure | undefined
}
export interface SealedMessage {
  readonly generation: number
  readonly epoch: number
  readonly mls: Bytes
  readonly body: Bytes
  readonly messageKey: Bytes
  readonly bodyHash: Bytes
}

/** A change of membership that this user wants; survives restarts and lost races until it is done. */
export interface IntentRecord {
  readonly id: string
  readonly conversation: ConversationId
  readonly wish: Wish
}
export type Wish =
  | { readonly kind: 'add'; readonly accounts: readonly AccountId[] }
  | { readonly kind: 'remove'; readonly account: AccountId }
  | { readonly kind: 'admin'; readonly account: AccountId; readonly admin: boolean }
  /** Only what signed notices ask for. */
  | { readonly kind: 'removals' }

/** A commit on its way: its bytes stay the same until the server has answered. */
export interface PendingRecord {
  readonly conversation: ConversationId
  /** join: an external commit of this device; `state` is the group after it. */
  readonly kind: 'commit' | 'join' | 'create' | 'reset'
  readonly counter: number
  readonly generation: number
  readonly epoch: number
  /** `encodePending` of a commit, `encodeState` of a join. */
  readonly state: Bytes
  /** `encodeState` of the new generation before its first commit, for a reset. */
  readonly base?: Bytes | undefined
  /** The encoded `CommitBundle`, or `GroupCreation` for create and reset. */
  readonly bundle: Bytes
  readonly commit: Bytes
  readonly intent?: string | undefined
  readonly resync?: boolean | undefined
  /** Who vouched for the roster that a join found. */
  readonly by?: AccountId | undefined
}

export interface KeyPackageRecord {
  readonly suite: number
  readonly kind: 'one-time' | 'last-resort'
  readonly bytes: Bytes
  readonly secret: Bytes
  /** Milliseconds since 1970. */
  readonly notAfterMs: number
}

export interface PinRecord {
  readonly account: AccountId
  readonly key: Bytes
  readonly verified: boolean
  /** A differing key that was seen and not accepted. */
  readonly changedTo?: Bytes | undefined
}

export interface ProfileRecord {
  readonly account: AccountId
  readonly userName: string
  readonly displayName: string
  readonly statusText: string
  readonly accountKey: Bytes
  /** SHA-256 of the picture, base64url. */
  readonly pictureHash?: string | undefined
  readonly picture?: Bytes | undefined
}

export interface ContactRecord {
  readonly account: AccountId
  readonly state: ContactState
  readonly since: number
}

export interface SyncRecord {
  /** `now` of the last complete answer. */
  readonly since: number
  readonly contactsVersion: number
  /** The life of the server's log that the cursors belong to. */
  readonly log?: LogIncarnation | undefined
}

/** A local id that was used: the same id sends once. */
export interface SentRecord {
  readonly counter: number
  readonly at: number
}
