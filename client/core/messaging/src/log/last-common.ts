/**
 * The last entry that this device and a restored log have in common. Two logs that agree in an entry agree in all before
 * it: the server's time is part of each entry, so that nothing that was lost and sent again becomes the same entry.
 */
import { advanceChain } from '@brieftaube/encryption'
import {
  chatRoutes,
  decodeEntries,
  decodeJoinPoint,
  equalBytes,
  firstHead,
  type Bytes,
  type ConversationHead,
  type ConversationId,
  type Entry,
} from '@brieftaube/protocol'
import type { Core } from '../core.ts'
import type { ConversationRecord, StoredEntry } from '../records.ts'
import { readPage } from './drain.ts'

export interface CommonPlace {
  readonly seq: number
  /** The chain's head there. */
  readonly head: Bytes
  /** The group's place after this entry. */
  readonly generation: number
  readonly epoch: number
}

/** `undefined`: none that this device could compare. Entries from before it took part are not stored here. */
export async function lastCommon(
  core: Core,
  record: ConversationRecord,
  head: ConversationHead,
): Promise<CommonPlace | undefined> {
  const top = Math.min(record.seq, head.seq)
  if (top < record.joinedSeq) return undefined
  let low = record.joinedSeq
  let high = top + 1
  let best: CommonPlace | undefined
  // mostly nothing or only the end is missing: the first question is about the last entry
  for (let seq = top; seq > low; seq = Math.floor((low + high) / 2)) {
    const place = await compareAt(core, record.conversation, seq)
    if (place === undefined) high = seq
    else {
      low = seq
      best = place
    }
    if (high - low <= 1) break
  }
  return best ?? compareFromJoin(core, record)
}

async function compareAt(core: Core, id: ConversationId, seq: number): Promise<CommonPlace | undefined> {
  const own = await headAt(core, id, seq)
  const before = await headAt(core, id, seq - 1)
  const entry = await entryAt(core, id, seq)
  if (own === undefined || before === undefined || entry === undefined) return undefined
  const advanced = advanceChain({ seq: seq - 1, head: before }, entry)
  if (advanced.kind === 'refused' || !equalBytes(advanced.link.head, own)) return undefined
  return { seq, head: own, ...placeAfter(entry) }
}

/** Of the entry with which this device came in only the head is known: it is right if the chain from there is. */
async function compareFromJoin(core: Core, record: ConversationRecord): Promise<CommonPlace | undefined> {
  const { conversation: id, joinedSeq: seq } = record
  const head = await headAt(core, id, seq)
  const entry = seq === 0 ? undefined : await entryAt(core, id, seq)
  if (head === undefined || entry === undefined) return undefined
  const point = decodeJoinPoint(await core.api.call(chatRoutes.groupInfo, { params: { conversation: id } }))
  let link = { seq, head }
  while (link.seq < point.seq) {
    const page = await readPage(core, id, link.seq)
    if (page.length === 0) return undefined
    for (const each of page) {
      if (link.seq === point.seq) break
      const advanced = advanceChain(link, each)
      if (advanced.kind === 'refused') return undefined
      link = advanced.link
    }
  }
  return link.seq === point.seq && equalBytes(link.head, point.head)
    ? { seq, head, ...placeAfter(entry) }
    : undefined
}

async function headAt(core: Core, id: ConversationId, seq: number): Promise<Bytes | undefined> {
  return seq === 0 ? firstHead : (await core.store.messages.get<StoredEntry>(id, seq))?.head
}

async function entryAt(core: Core, id: ConversationId, seq: number): Promise<Entry | undefined> {
  const query = { after: seq - 1, limit: 1 }
  const [entry] = decodeEntries(
    await core.api.call(chatRoutes.logPage, { params: { conversation: id }, query }),
  )
  return entry?.seq === seq ? entry : undefined
}

function placeAfter({ kind, generation, epoch }: Entry): { generation: number; epoch: number } {
  switch (kind) {
    case 'commit':
    case 'external-commit':
      return { generation, epoch: epoch + 1 }
    case 'reset':
      return { generation, epoch: 0 }
    case 'message':
    case 'notice':
      return { generation, epoch }
  }
}
