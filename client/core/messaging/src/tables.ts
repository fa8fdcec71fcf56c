/** The tables of this device's store; their rows are in `records.ts`. */
import { defineTable } from '@brieftaube/storage'
import type {
  AccountRecord,
  ContactRecord,
  ConversationRecord,
  IntentRecord,
  KeyPackageRecord,
  OutboxRecord,
  PendingRecord,
  PinRecord,
  ProfileRecord,
  SentRecord,
  SyncRecord,
} from './records.ts'
import type { AccountId, Bytes, ConversationId } from '@brieftaube/protocol'
import type { Settings } from '@brieftaube/contract'

export const tables = {
  account: defineTable<['self'], AccountRecord>('account'),
  settings: defineTable<['self'], Settings>('settings'),
  sync: defineTable<['self'], SyncRecord>('sync'),
  conversations: defineTable<[ConversationId], ConversationRecord>('conversations'),
  groups: defineTable<[ConversationId], Bytes>('groups'),
  ratchets: defineTable<[ConversationId], Bytes>('ratchets'),
  pending: defineTable<[ConversationId], PendingRecord>('pending'),
  intents: defineTable<[ConversationId, string], IntentRecord>('intents'),
  outbox: defineTable<[ConversationId, number], OutboxRecord>('outbox'),
  sent: defineTable<[ConversationId, string], SentRecord>('sent'),
  keyPackages: defineTable<[string], KeyPackageRecord>('key-packages'),
  pins: defineTable<[AccountId], PinRecord>('pins'),
  profiles: defineTable<[AccountId], ProfileRecord>('profiles'),
  contacts: defineTable<[AccountId], ContactRecord>('contacts'),
} as const
