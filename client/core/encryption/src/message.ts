/**
 * Messages (protocol.md section 3): an MLS PrivateMessage around a block of fixed size, and the sealed body beside it.
 *
 * block = version u8 · message key 32 · SHA-256(body) 32 · conversation 16 · device 16 · counter u64
 *         · last seen: generation u32, seq u64, head 32
 */
import {
  createApplicationMessage,
  decodeMlsMessage,
  emptyPskIndex,
  encodeMlsMessage,
  processPrivateMessage,
} from 'ts-mls'
import { decodeMessageFrame } from '@brieftaube/group-policy'
import {
  hashBytes,
  idBytes,
  idFromBytes,
  idToBytes,
  MalformedError,
  Reader,
  Writer,
  type AccountId,
  type Bytes,
  type ClientId,
  type ConversationId,
  type DeviceId,
  type Entry,
} from '@brieftaube/protocol'
import { contentMaxBytes, openBody, sealBody, type BodyKeys } from './body.ts'
import type { GroupState } from './group-state.ts'
import { mlsSuite } from './mls-suite.ts'
import { guarded, refuse, type Outcome, type RefusalReason, type Refused } from './outcome.ts'

/** The newest entry that the sender had applied. */
export interface LastSeen {
  readonly generation: number
  readonly seq: number
  /** head(seq), 32 bytes. */
  readonly head: Bytes
}

export interface MessageInput {
  readonly content: Uint8Array
  readonly clientId: ClientId
  readonly lastSeen: LastSeen
}

export interface SealedMessage {
  readonly state: GroupState
  readonly mls: Bytes
  readonly body: Bytes
  /** A device cannot open its own message: keep these with it. */
  readonly opened: BodyKeys
  readonly erase: readonly Uint8Array[]
}

const blockVersion = 1

/** Store the new state and both parts in one transaction before anything is sent; a retry sends the same bytes. */
export function sealMessage(state: GroupState, input: MessageInput): Promise<Outcome<SealedMessage>> {
  return guarded(async () => {
    if (state.status === 'removed') return refuse('removed')
    if (input.content.length > contentMaxBytes) return refuse('too-large')
    const { body, messageKey, bodyHash } = await sealBody(input.content)
    const block = encodeBlock({ ...input, messageKey, bodyHash, conversation: state.conversation })
    const suite = await mlsSuite(state.suite)
    const { newState, privateMessage, consumed } = await createApplicationMessage(state.mls, block, suite)
    const mls = encodeMlsMessage({ version: 'mls10', wireformat: 'mls_private_message', privateMessage })
    const opened = { messageKey, bodyHash }
    return {
      kind: 'ok',
      state: { ...state, mls: newState },
      mls: Uint8Array.from(mls),
      body,
      opened,
      erase: consumed,
    } as const
  })
}

export interface Sender {
  readonly leaf: number
  readonly account: AccountId
  readonly device: DeviceId
}

export interface OpenedMessage {
  readonly state: GroupState
  readonly erase: readonly Uint8Array[]
  /** The leaf that MLS authenticated: the only name to show. */
  readonly sender: Sender
  readonly opened: BodyKeys & { readonly lastSeen: LastSeen }
}

export type OpenResult =
  | (OpenedMessage & {
      readonly kind: 'ok'
      /** `undefined`: the body was deleted. */
      readonly content: Bytes | undefined
    })
  | (OpenedMessage & {
      /** The message is authentic, but the body that came with it is not its body: fetch it again (`openBody`). */
      readonly kind: 'body-refused'
      readonly reason: RefusalReason
    })
  | Refused

/** When it refuses, the state is unchanged: the true entry can still be opened. */
export function openMessage(state: GroupState, entry: Entry): Promise<OpenResult> {
  return guarded(async () => {
    const misplaced = placeProblem(state, entry)
    if (misplaced !== undefined) return misplaced
    const message = decodeMlsMessage(entry.mls, 0)?.[0]
    if (message?.wireformat !== 'mls_private_message') throw new MalformedError('not a PrivateMessage')
    const suite = await mlsSuite(state.suite)
    const result = await processPrivateMessage(state.mls, message.privateMessage, emptyPskIndex, suite)
    if (result.kind !== 'applicationMessage') throw new MalformedError('not an application message')
    const block = decodeBlock(result.message)
    const sender = authenticatedSender(state, entry.epoch, result.senderLeafIndex)
    if (block.conversation !== entry.conversation) return refuse('wrong-conversation')
    const named = block.clientId.device === entry.device && block.clientId.counter === entry.counter
    if (sender?.device !== entry.device || !named) return refuse('wrong-sender')
    const { messageKey, bodyHash, lastSeen } = block
    const opened = { messageKey, bodyHash, lastSeen }
    const next = { state: { ...state, mls: result.newState }, erase: result.consumed, sender, opened }
    if (entry.bodyHash !== undefined) return { kind: 'ok', ...next, content: undefined } as const
    const body = await openBody(opened, entry.body)
    if (body.kind === 'refused') return { kind: 'body-refused', reason: body.reason, ...next } as const
    return { kind: 'ok', ...next, content: body.content } as const
  })
}

function placeProblem(state: GroupState, entry: Entry): Refused | undefined {
  if (entry.kind !== 'message') return refuse('malformed', 'not a message')
  const { groupId, epoch } = decodeMessageFrame(entry.mls)
  const sameGroup = groupId.conversation === state.conversation && groupId.generation === state.generation
  if (!sameGroup || entry.conversation !== state.conversation || entry.generation !== state.generation)
    return refuse('wrong-conversation')
  if (epoch !== entry.epoch) return refuse('wrong-epoch')
  if (state.roster.leaves[state.ownLeaf]?.device === entry.device) return refuse('own-message')
  if (epoch > state.epoch) return refuse('unknown-epoch')
  const known = epoch === state.epoch || state.mls.historicalReceiverData.has(BigInt(epoch))
  return known ? undefined : refuse('too-old')
}

/** The leaf in the tree of the message's own epoch. */
function authenticatedSender(state: GroupState, epoch: number, leaf: number | undefined): Sender | undefined {
  if (leaf === undefined) return undefined
  const tree =
    epoch === state.epoch
      ? state.mls.ratchetTree
      : state.mls.historicalReceiverData.get(BigInt(epoch))?.ratchetTree
  const node = tree?.[leaf * 2]
  if (node?.nodeType !== 'leaf' || !('identity' in node.leaf.credential)) return undefined
  const reader = new Reader(node.leaf.credential.identity.subarray(1, 1 + 2 * idBytes))
  return {
    leaf,
    account: idFromBytes<AccountId>(reader.raw(idBytes)),
    device: idFromBytes<DeviceId>(reader.raw(idBytes)),
  }
}

interface Block extends BodyKeys {
  readonly conversation: ConversationId
  readonly clientId: ClientId
  readonly lastSeen: LastSeen
}

function encodeBlock({ messageKey, bodyHash, conversation, clientId, lastSeen }: Block): Bytes {
  return new Writer(160)
    .u8(blockVersion)
    .raw(messageKey)
    .raw(bodyHash)
    .raw(idToBytes(conversation))
    .raw(idToBytes(clientId.device))
    .u64(clientId.counter)
    .u32(lastSeen.generation)
    .u64(lastSeen.seq)
    .raw(lastSeen.head)
    .finish()
}

function decodeBlock(bytes: Uint8Array): Block {
  const reader = new Reader(bytes)
  if (reader.u8() !== blockVersion) throw new MalformedError('unknown block version')
  const block = {
    messageKey: reader.raw(hashBytes),
    bodyHash: reader.raw(hashBytes),
    conversation: idFromBytes<ConversationId>(reader.raw(idBytes)),
    clientId: { device: idFromBytes<DeviceId>(reader.raw(idBytes)), counter: reader.u64() },
    lastSeen: { generation: reader.u32(), seq: reader.u64(), head: reader.raw(hashBytes) },
  }
  reader.end()
  return block
}
