/** The socket as its users see it: typed events of protocol/chat/socket.ts, a state, and nothing about transports. */
import type {
  Append,
  Appended,
  Entry,
  ErrorBody,
  FromEphemeral,
  ToEphemeral,
  cardEventSchema,
  contactsEventSchema,
  headsEventSchema,
  keyPackagesEventSchema,
  openConversationSchema,
  presenceEventSchema,
  receiptEventSchema,
  receiptsEventSchema,
  watchPresenceSchema,
} from '@brieftaube/protocol'
import type { z } from 'zod'
import type { SignedOutReason } from './api-types.ts'

/** Device → server, without an answer. */
export interface SocketRequests {
  readonly append: Append
  readonly ephemeral: ToEphemeral
  readonly receipt: z.infer<typeof receiptEventSchema>
  readonly openConversation: z.infer<typeof openConversationSchema>
  readonly watchPresence: z.infer<typeof watchPresenceSchema>
}

/** Server → device, decoded; frames that do not decode are dropped and counted as `malformed`. */
export interface SocketEvents {
  readonly entry: Entry
  readonly appended: readonly Appended[]
  readonly heads: z.infer<typeof headsEventSchema>
  readonly receipts: z.infer<typeof receiptsEventSchema>
  readonly ephemeral: FromEphemeral
  readonly presence: z.infer<typeof presenceEventSchema>
  readonly welcome: Record<string, never>
  readonly contacts: z.infer<typeof contactsEventSchema>
  readonly card: z.infer<typeof cardEventSchema>
  readonly keyPackages: z.infer<typeof keyPackagesEventSchema>
  readonly refused: ErrorBody
}

/** offline: waiting before the next try · stopped: signed out or a version too old, it does not try again. */
export type SocketState =
  | { readonly kind: 'connecting' }
  | { readonly kind: 'online' }
  | { readonly kind: 'offline'; readonly retryAtMs: number }
  | { readonly kind: 'stopped'; readonly reason: SignedOutReason | 'unsupported-version' | 'closed' }

export interface Socket extends AsyncDisposable {
  state(): SocketState
  onState(listener: (state: SocketState) => void): () => void
  on<Name extends keyof SocketEvents>(name: Name, listener: (event: SocketEvents[Name]) => void): () => void
  /** false when there is no connection: nothing is buffered, whoever sends keeps it and sends again when online. */
  send<Name extends keyof SocketRequests>(name: Name, request: SocketRequests[Name]): boolean
  /** Tries at once; an open connection that has been silent for too long is replaced. */
  reconnect(): void
}
