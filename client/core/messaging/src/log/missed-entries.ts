/** Messages between the place that this device had to give up and the one where it came back: a placeholder each. */
import { advanceChain } from '@brieftaube/encryption'
import { putMessages } from '@brieftaube/storage'
import type { Conversation, Core } from '../core.ts'
import { selfOf } from '../core.ts'
import type { BrokenRecord } from '../records.ts'
import type { CommonPlace } from './last-common.ts'
import { readPage } from './drain.ts'

/** Only inside the lane. `since`: the last entry that this device has followed. */
export async function showWhatWasMissed(
  core: Core,
  conversation: Conversation,
  since: CommonPlace,
): Promise<void> {
  const { conversation: id, joinedSeq } = conversation.record
  const missed: BrokenRecord[] = []
  let link = { seq: since.seq, head: since.head }
  while (link.seq < joinedSeq - 1) {
    const page = await readPage(core, id, link.seq)
    if (page.length === 0) break
    for (const entry of page) {
      if (link.seq >= joinedSeq - 1) break
      const advanced = advanceChain(link, entry)
      if (advanced.kind === 'refused') return
      link = advanced.link
      const { seq, at, generation, device, counter } = entry
      if (entry.kind !== 'message' || device === selfOf(core).deviceId) continue
      const reason = { reason: 'not-for-this-device', detail: 'while joining again' } as const
      missed.push({ seq, at, generation, head: link.head, kind: 'broken', device, counter, ...reason })
    }
  }
  if (missed.length > 0) await core.store.commit([putMessages(id, missed)])
}
