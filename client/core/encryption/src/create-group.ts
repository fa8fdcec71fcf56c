/** A new group with this device as its only leaf; everybody else comes by the first commit. */
import {
  createGroup as createMlsGroup,
  createGroupInfoWithExternalPubAndRatchetTree,
  encodeMlsMessage,
} from 'ts-mls'
import { encodeGroupId, encodeRules, rulesExtensionType, sortIds, type Suite } from '@brieftaube/group-policy'
import type { AccountId, Bytes, ConversationId } from '@brieftaube/protocol'
import { clientConfig } from './client-config.ts'
import type { Device } from './device.ts'
import { groupState, type GroupState } from './group-state.ts'
import { generateKeyPackage } from './key-package.ts'
import { mlsSuite } from './mls-suite.ts'

export interface NewGroup {
  readonly conversation: ConversationId
  readonly generation: number
  readonly suite: Suite
  readonly nowMs: number
  /** A direct conversation is between the own account and `peer`, for good. */
  readonly members: { readonly kind: 'direct'; readonly peer: AccountId } | { readonly kind: 'group' }
}

export async function createGroup(device: Device, input: NewGroup): Promise<GroupState> {
  const { suite, members, nowMs } = input
  const { publicPackage, privatePackage } = await generateKeyPackage(device, {
    suite,
    kind: 'one-time',
    nowMs,
  })
  const admins = sortIds(members.kind === 'direct' ? [device.account, members.peer] : [device.account])
  const rules = encodeRules({ kind: members.kind, admins, barred: [] })
  const extensions = [{ extensionType: rulesExtensionType, extensionData: rules }]
  const ownSignatureKey = { ...privatePackage, signaturePrivateKey: Uint8Array.from(device.secret.reveal()) }
  const mls = await createMlsGroup(
    encodeGroupId(input),
    publicPackage,
    ownSignatureKey,
    extensions,
    await mlsSuite(suite),
    clientConfig,
  )
  return groupState(mls)
}

/** GroupInfo with ratchet tree and external public key (an MLSMessage): what a further device needs to join. */
export async function makeGroupInfo(state: GroupState): Promise<Bytes> {
  const suite = await mlsSuite(state.suite)
  const groupInfo = await createGroupInfoWithExternalPubAndRatchetTree(state.mls, [], suite)
  return Uint8Array.from(encodeMlsMessage({ version: 'mls10', wireformat: 'mls_group_info', groupInfo }))
}
