/**
 * What every use case works on: the ports, what is known in memory, and who watches. Memory is the truth while the core
 * runs; whatever is in it has been written before anything is sent because of it.
 */
import type { ConnectionView, SessionView, Settings } from '@brieftaube/contract'
import type { Device, GroupState, Vault } from '@brieftaube/encryption'
import type { AccountId, Appended, Bytes, ConversationId, DeviceId, Entry } from '@brieftaube/protocol'
import type { Api, Socket } from '@brieftaube/server'
import type { Store } from '@brieftaube/storage'
import type { Background } from './background.ts'
import type { Hub } from './hub.ts'
import type { Lane } from './lane.ts'
import type {
  ContactRecord,
  ConversationRecord,
  IntentRecord,
  OutboxRecord,
  PendingRecord,
  PinRecord,
  ProfileRecord,
  StoredEntry,
  SyncRecord,
} from './records.ts'

export interface Clock {
  /** Milliseconds since 1970. */
  now(): number
}

/** `fields` never hold texts, titles, names or keys. */
export type Log = (event: string, fields?: Readonly<Record<string, string | number | boolean>>) => void

export interface Ports {
  readonly store: Store
  readonly api: Api
  /** Connects at once and goes on trying until it is disposed of. */
  readonly openSocket: () => Socket
  readonly clock: Clock
  readonly log: Log
}

/** Who is signed in on this device. */
export interface Self {
  readonly account: AccountId
  readonly deviceId: DeviceId
  readonly device: Device
  readonly vault: Vault
  readonly userName: string
  readonly role: 'user' | 'admin'
}

/** One conversation while the core runs. What concerns its log is changed only inside its lane. */
export interface Conversation {
  record: ConversationRecord
  readonly lane: Lane
  /** What is written here is taken, and then stored, in the order in which it was written. */
  readonly taking: Lane
  readonly storing: Lane
  /** Loaded when first needed. */
  group: GroupState | undefined
  groupLoaded: boolean
  /** The large part of the group's state as it was written last. */
  storedEpoch: Bytes | undefined
  /** Ascending by counter. */
  outbox: OutboxRecord[]
  pending: PendingRecord | undefined
  intents: IntentRecord[]
  /** Live entries that wait for their turn, by seq. */
  readonly hints: Map<number, Entry>
  /** The newest seq that was heard of. */
  target: number
  draining: boolean
  pumping: boolean
  /** Heads of the newest entries, by seq, to compare with what others have seen. */
  readonly heads: Map<number, Bytes>
  /** What the `messages` view shows, while it is watched. */
  window: MessageWindow | undefined
  /** Who is typing, and until when (milliseconds since 1970). */
  readonly typing: Map<AccountId, number>
  /** Members whose key differs from the pinned one; decides whether anything is sent. */
  keyChanged: readonly AccountId[]
}

interface MessageWindow {
  readonly entries: readonly StoredEntry[]
  /** Opened, and being stored right now. */
  readonly coming: readonly StoredEntry[]
  readonly more: boolean
  /** The read cursor when the window was opened. */
  readonly readSeq: number
}

/** Why a conversation needs repair. */
export type Trouble = 'broken' | 'lost-track' | 'stale'

/** What follows, later and by itself. The core is composed with these, because each of them leads to the others. */
export interface FollowUps {
  /** Sends what waits in the outbox. */
  readonly send: (conversation: Conversation) => void
  readonly sync: () => void
  readonly repair: (conversation: Conversation, trouble: Trouble) => void
  /** Commits removals that are outstanding. */
  readonly remove: (conversation: Conversation) => void
  /** Takes up changes of the members that wait. */
  readonly carryOutIntents: (conversation: Conversation) => void
  /** Lets own further devices know the title. */
  readonly publishTitle: (conversation: Conversation) => void
  readonly learnProfiles: (accounts: readonly AccountId[]) => void
}

export interface Core extends Ports {
  readonly follow: FollowUps
  readonly hub: Hub
  readonly background: Background
  readonly conversations: Map<ConversationId, Conversation>
  readonly contacts: Map<AccountId, ContactRecord>
  readonly profiles: Map<AccountId, ProfileRecord>
  readonly pins: Map<AccountId, PinRecord>
  readonly online: Set<AccountId>
  readonly answers: Map<string, (answer: Answer) => void>
  session: SessionView
  connection: ConnectionView['kind']
  catchingUp: boolean
  self: Self | undefined
  /** After storage was lost: the device whose place the next login takes. */
  lostDevice: DeviceId | undefined
  socket: Socket | undefined
  settings: Settings
  sync: SyncRecord
  shown: ConversationId | undefined
  /** Local ids that were used, by conversation; `complete` once those on disk are among them. */
  sentIds: { readonly ids: Set<string>; complete: boolean }
  closed: boolean
}

/** What came of an append: the server's word, or that the connection went away first. */
export type Answer =
  | { readonly kind: 'appended'; readonly answer: Appended }
  | { readonly kind: 'lost' }
  | { readonly kind: 'applied' }

/** The signed-in account, for use cases that make no sense without one. */
export function selfOf(core: Core): Self {
  if (core.self === undefined) throw new NotSignedInError()
  return core.self
}

export class NotSignedInError extends Error {
  override readonly name = 'NotSignedInError'
}

export function conversationOf(core: Core, id: ConversationId): Conversation {
  const conversation = core.conversations.get(id)
  if (conversation === undefined) throw new UnknownConversationError()
  return conversation
}

export class UnknownConversationError extends Error {
  override readonly name = 'UnknownConversationError'
}
