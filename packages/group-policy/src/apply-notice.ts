/** What a notice row in the log does to a roster. */
import { equalBytes } from '@brieftaube/protocol'
import type { GroupId } from './group-id.ts'
import { encodeNotice, leaveValidEpochs, verifyNotice, type Notice } from './notice.ts'
import { noticeNames, seatedLeaves, type Roster } from './roster.ts'

export interface Where {
  readonly groupId: GroupId
  /** The group's epoch at that place of the log. */
  readonly epoch: number
}

export type NoticeProblem = 'not-a-member' | 'bad-signature' | 'other-conversation' | 'out-of-date'

export type AppliedNotice =
  | { readonly kind: 'applied'; readonly roster: Roster }
  | { readonly kind: 'ignored'; readonly reason: NoticeProblem }

/** A notice without a valid signature of the account it names changes nothing. */
export function applyNotice(roster: Roster, notice: Notice, where: Where): AppliedNotice {
  const reason = noticeProblem(roster, notice, where)
  if (reason !== undefined) return { kind: 'ignored', reason }
  const bytes = encodeNotice(notice)
  const known = roster.pending.some((other) => equalBytes(encodeNotice(other), bytes))
  return { kind: 'applied', roster: known ? roster : { ...roster, pending: [...roster.pending, notice] } }
}

/** Why this notice justifies no removal here and now. */
export function noticeProblem(roster: Roster, notice: Notice, where: Where): NoticeProblem | undefined {
  const named = seatedLeaves(roster).find((leaf) => noticeNames(notice, leaf))
  if (named === undefined) return 'not-a-member'
  if (notice.kind === 'leave') {
    const { conversation, generation } = where.groupId
    if (notice.conversation !== conversation || notice.generation !== generation) return 'other-conversation'
    if (notice.epoch > where.epoch || notice.epoch + leaveValidEpochs < where.epoch) return 'out-of-date'
  }
  return verifyNotice(notice, named.accountKey) ? undefined : 'bad-signature'
}
