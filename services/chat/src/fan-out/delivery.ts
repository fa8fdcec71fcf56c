/** What goes to the devices of some accounts, wherever they are connected; and its form between processes. */
import type { Writer } from '@brieftaube/protocol'
import {
  idBytes,
  idFromBytes,
  idToBytes,
  MalformedError,
  Reader,
  type AccountId,
  type Bytes,
  type ConversationId,
  type DeviceId,
} from '@brieftaube/protocol'

/**
 * entry: an entry of the log, replaced by its head for slow devices · event: must arrive · hint: may get lost ·
 * on-screen: only where the conversation is open.
 */
export const deliveryKinds = ['entry', 'event', 'hint', 'on-screen'] as const
export type DeliveryKind = (typeof deliveryKinds)[number]

export interface Delivery {
  readonly kind: DeliveryKind
  readonly accounts: readonly AccountId[]
  /** Only to this one of the accounts' devices. */
  readonly device?: DeviceId | undefined
  /** The Socket.IO packet; every process frames it once. */
  readonly packet: Uint8Array
  /** The packet framed, where its maker has it already. */
  readonly frame?: Buffer | undefined
  /** Of the entry, or what must be on screen. */
  readonly about?:
    { readonly conversation: ConversationId; readonly generation: number; readonly seq: number } | undefined
  /** The log changed more than by a message: routes in memory are out of date. */
  readonly rerouted?: boolean | undefined
}

const maxBytes = 8 * 1024 * 1024

/** kind u8 · flags u8 · [conversation 16 · generation u32 · seq u64] · [device 16] · u32 count, accounts 16 each · packet block */
export function writeDelivery(writer: Writer, delivery: Delivery, accounts: readonly AccountId[]): void {
  const { about, device } = delivery
  const flags = (about ? 1 : 0) | (device === undefined ? 0 : 2) | (delivery.rerouted === true ? 4 : 0)
  writer.u8(deliveryKinds.indexOf(delivery.kind)).u8(flags)
  if (about !== undefined) writer.raw(idToBytes(about.conversation)).u32(about.generation).u64(about.seq)
  if (device !== undefined) writer.raw(idToBytes(device))
  writer.u32(accounts.length)
  for (const account of accounts) writer.raw(idToBytes(account))
  writer.block(delivery.packet)
}

/** All deliveries of one message between processes; throws `MalformedError`. */
export function decodeDeliveries(bytes: Uint8Array): Delivery[] {
  const reader = new Reader(bytes)
  const deliveries: Delivery[] = []
  while (reader.left > 0) deliveries.push(readDelivery(reader))
  return deliveries
}

function readDelivery(reader: Reader): Delivery {
  const kind = deliveryKinds[reader.u8()]
  if (kind === undefined) throw new MalformedError('delivery kind')
  const flags = reader.u8()
  const about =
    (flags & 1) === 0
      ? undefined
      : { conversation: readId<ConversationId>(reader), generation: reader.u32(), seq: reader.u64() }
  const device = (flags & 2) === 0 ? undefined : readId<DeviceId>(reader)
  const accounts = Array.from({ length: reader.u32() }, () => readId<AccountId>(reader))
  const packet: Bytes = reader.block(maxBytes)
  return { kind, accounts, packet, about, device, rerouted: (flags & 4) !== 0 }
}

function readId<Id extends AccountId | DeviceId | ConversationId>(reader: Reader): Id {
  return idFromBytes<Id>(reader.raw(idBytes))
}
