/** External commits: a further device of a member joins by itself, or one that lost its state joins again (resync). */
import { decodeMlsMessage, encodeMlsMessage, joinGroupExternal } from 'ts-mls'
import {
  decodeCommit,
  decodeGroupInfo,
  findDevice,
  judgeCommit,
  rosterFromTree,
  rosterLeaf,
  sameRoster,
  type RosterLeaf,
  type Suite,
} from '@brieftaube/group-policy'
import { equalBytes, MalformedError, type Bytes, type ConversationId } from '@brieftaube/protocol'
import { clientConfig } from './client-config.ts'
import { makeGroupInfo } from './create-group.ts'
import type { Device } from './device.ts'
import { groupState, type GroupState } from './group-state.ts'
import { generateKeyPackage } from './key-package.ts'
import { mlsSuite } from './mls-suite.ts'
import { guarded, refuse, type Outcome, type Refused } from './outcome.ts'

export interface ExternalJoinInput {
  /** MLSMessage with ratchet tree and external public key. */
  readonly groupInfo: Bytes
  readonly conversation: ConversationId
  readonly generation: number
  /** The newest epoch this device knows of; an older GroupInfo is refused. */
  readonly minEpoch?: number | undefined
  /** The suite this conversation is known to have, when it is known. */
  readonly suite?: Suite | undefined
  readonly nowMs: number
}

export interface ExternalJoin {
  /** Counts only once the server has accepted the commit; until then the old state, if any, stays. */
  readonly state: GroupState
  readonly commit: Bytes
  readonly groupInfo: Bytes
  /** Whether this device had a leaf already. */
  readonly resync: boolean
  /** Whoever signed the GroupInfo, and so vouches for who is in the group. */
  readonly by: RosterLeaf
}

export function externalJoin(device: Device, input: ExternalJoinInput): Promise<Outcome<ExternalJoin>> {
  return guarded(async () => {
    const info = decodeGroupInfo(input.groupInfo)
    const { conversation, generation } = info.groupId
    if (conversation !== input.conversation || generation !== input.generation)
      return refuse('wrong-conversation')
    if (input.minEpoch !== undefined && info.epoch < input.minEpoch) return refuse('too-old')
    if (input.suite !== undefined && info.suite !== input.suite) return refuse('wrong-suite')
    const roster = rosterFromTree(info)
    const signer = info.leaves[info.signer]
    if (signer === undefined) return refuse('not-authentic', 'nobody vouches')
    const ownLeaf = findDevice(roster, device.device)
    if (ownLeaf !== undefined && !equalBytes(ownLeaf.deviceKey, device.deviceKey))
      return refuse('not-authentic', 'foreign leaf')
    const message = decodeMlsMessage(input.groupInfo, 0)?.[0]
    if (message?.wireformat !== 'mls_group_info') throw new MalformedError('not a GroupInfo')
    const resync = ownLeaf !== undefined
    const { publicPackage, privatePackage } = await generateKeyPackage(device, {
      ...info,
      kind: 'one-time',
      nowMs: input.nowMs,
    })
    const keys = { ...privatePackage, signaturePrivateKey: Uint8Array.from(device.secret.reveal()) }
    const suite = await mlsSuite(info.suite)
    const joined = await joinGroupExternal(
      message.groupInfo,
      publicPackage,
      keys,
      resync,
      suite,
      undefined,
      clientConfig,
    )
    const publicMessage = {
      version: 'mls10',
      wireformat: 'mls_public_message',
      publicMessage: joined.publicMessage,
    } as const
    const commit = Uint8Array.from(encodeMlsMessage(publicMessage))
    const judgement = judgeCommit(roster, decodeCommit(commit))
    if (judgement.kind === 'refused') return policyRefusal(judgement.reason)
    const state = groupState(joined.newState)
    if (!sameRoster(state.roster, judgement.roster)) return policyRefusal('roster-mismatch')
    const by = rosterLeaf(signer)
    return { kind: 'ok', state, commit, groupInfo: await makeGroupInfo(state), resync, by } as const
  })
}

function policyRefusal(reason: string): Refused {
  return refuse('policy', reason)
}
