/** Notice rows of the log. */
import { applyNotice as applyToRoster, decodeNotice, type Notice } from '@brieftaube/group-policy'
import type { GroupState } from './group-state.ts'
import { refusalOf, refuse, type Refused } from './outcome.ts'

export interface NoticeApplied {
  readonly kind: 'ok'
  /** `roster.pending` names what the next commit removes. */
  readonly state: GroupState
  readonly notice: Notice
}

/** A notice without a valid signature, or for another conversation or time, changes nothing. */
export function applyNotice(state: GroupState, bytes: Uint8Array): NoticeApplied | Refused {
  try {
    const notice = decodeNotice(bytes)
    const { conversation, generation, epoch } = state
    const applied = applyToRoster(state.roster, notice, { groupId: { conversation, generation }, epoch })
    if (applied.kind === 'ignored') return refuse('policy', applied.reason)
    return { kind: 'ok', state: { ...state, roster: applied.roster }, notice }
  } catch (thrown) {
    return refusalOf(thrown)
  }
}
