/** Table `welcome`: written in the commit's own transaction, so that it cannot be handed out before the commit won. */
import { decodeRoster } from '@brieftaube/group-policy'
import type { Bytes, ConversationId, DeviceId, PendingWelcome } from '@brieftaube/protocol'
import type { Queryable } from '../database.ts'
import { fromUuid, toUuid } from '../uuid.ts'
import { pendingNotices } from './pending-notices.ts'

export async function insertWelcome(
  db: Queryable,
  parts: Omit<PendingWelcome, 'head' | 'welcome' | 'notices'> & {
    readonly head: Uint8Array
    readonly welcome: Uint8Array
    readonly at: number
    readonly devices: readonly DeviceId[]
  },
): Promise<void> {
  const { conversation, generation, epoch, seq, head, welcome, at, devices } = parts
  await db.query(
    `insert into welcome (device, conversation, generation, epoch, seq, chain, welcome, at)
      select device, $2, $3, $4, $5, $6, $7, $8 from unnest($1::uuid[]) as device`,
    [devices.map(toUuid), toUuid(conversation), generation, epoch, seq, head, welcome, at],
  )
}

interface WelcomeRow {
  conversation: string
  generation: number
  epoch: number
  seq: number
  chain: Buffer
  welcome: Buffer
  /** Only where a removal is pending. */
  roster: Buffer | null
}

/** Oldest first, as many as fit `maxBytes` together, at least one. Only of conversations the device's account is still in. */
export async function listWelcomes(
  db: Queryable,
  device: DeviceId,
  { maxBytes, maxCount }: { maxBytes: number; maxCount: number },
): Promise<PendingWelcome[]> {
  const { rows } = await db.query<WelcomeRow>({
    name: 'list-welcomes',
    text: `select w.conversation, w.generation, w.epoch, w.seq, w.chain, w.welcome, case when h.pending then c.roster end as roster from (
        select w.*, sum(length(w.welcome)) over (order by w.at, w.conversation, w.generation, w.epoch) as total,
          row_number() over (order by w.at, w.conversation, w.generation, w.epoch) as place
        from welcome w join leaf l on l.device = w.device and l.conversation = w.conversation
        where w.device = $1
      ) w join head h on h.conversation = w.conversation join conversation c on c.id = w.conversation
      where total <= $2 or place = 1 order by w.at, w.conversation, w.generation, w.epoch limit $3`,
    values: [toUuid(device), maxBytes, maxCount],
  })
  return rows.map((row) => ({
    conversation: fromUuid<ConversationId>(row.conversation),
    generation: row.generation,
    epoch: row.epoch,
    seq: row.seq,
    head: row.chain as Bytes,
    welcome: row.welcome as Bytes,
    notices: row.roster === null ? [] : pendingNotices(decodeRoster(row.roster)),
  }))
}

/** This one and the older ones of the conversation, which lead nowhere any more. */
export async function removeWelcomes(
  db: Queryable,
  device: DeviceId,
  upTo: Pick<PendingWelcome, 'conversation' | 'generation' | 'epoch'>,
): Promise<void> {
  await db.query(
    'delete from welcome where device = $1 and conversation = $2 and (generation, epoch) <= ($3, $4)',
    [toUuid(device), toUuid(upTo.conversation), upTo.generation, upTo.epoch],
  )
}
