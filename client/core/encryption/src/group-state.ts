/** One device's state of one MLS group. Values never change: every step gives a new one. */
import type { ClientState } from 'ts-mls'
import {
  decodeGroupId,
  decodeRules,
  rosterFromTree,
  rulesExtensionType,
  type ConversationKind,
  type GroupId,
  type Roster,
  type RosterLeaf,
  type Suite,
} from '@brieftaube/group-policy'
import { MalformedError, parseCertificate, type ConversationId } from '@brieftaube/protocol'
import { suiteOfName } from './mls-suite.ts'

export interface GroupState {
  readonly conversation: ConversationId
  readonly generation: number
  readonly epoch: number
  readonly suite: Suite
  readonly kind: ConversationKind
  readonly roster: Roster
  /** Leaf index of this device. */
  readonly ownLeaf: number
  readonly status: 'active' | 'removed'
  /** The library's state; nobody else's business. */
  readonly mls: ClientState
}

/** Reads our view of the library's state. `pending` of the roster is kept by us, not by MLS. */
export function groupState(mls: ClientState, pending: Roster['pending'] = []): GroupState {
  const { roster, groupId } = readMlsState(mls)
  return withRoster(mls, { ...roster, pending }, groupId)
}

export function withRoster(mls: ClientState, roster: Roster, groupId: GroupId): GroupState {
  return {
    conversation: groupId.conversation,
    generation: groupId.generation,
    epoch: Number(mls.groupContext.epoch),
    suite: roster.suite,
    kind: roster.kind,
    roster,
    ownLeaf: mls.privatePath.leafIndex,
    status: mls.groupActiveState.kind === 'active' ? 'active' : 'removed',
    mls,
  }
}

/** Roster and group id as the library's tree and context have them; throws `MalformedError` when they break our rules. */
export function readMlsState(mls: ClientState): { roster: Roster; groupId: GroupId } {
  const { groupContext, ratchetTree } = mls
  const suite = suiteOfName(groupContext.cipherSuite)
  const [extension, ...others] = groupContext.extensions
  if (suite === undefined) throw new MalformedError('cipher suite')
  if (extension?.extensionType !== rulesExtensionType || others.length > 0)
    throw new MalformedError('group context extensions')
  const rules = decodeRules(extension.extensionData)
  return {
    roster: rosterFromTree({ leaves: readLeaves(ratchetTree), rules, suite }),
    groupId: decodeGroupId(groupContext.groupId),
  }
}

function readLeaves(tree: ClientState['ratchetTree']): (RosterLeaf | undefined)[] {
  const leaves: (RosterLeaf | undefined)[] = []
  for (let index = 0; index < tree.length; index += 2) {
    const node = tree[index]
    leaves.push(node?.nodeType === 'leaf' ? readLeaf(node.leaf) : undefined)
  }
  return leaves
}

type MlsLeaf = Extract<NonNullable<ClientState['ratchetTree'][number]>, { nodeType: 'leaf' }>['leaf']

function readLeaf(leaf: MlsLeaf): RosterLeaf {
  if (!('identity' in leaf.credential)) throw new MalformedError('credential type')
  const { account, device, accountKey } = parseCertificate(leaf.credential.identity)
  return { account, device, accountKey, deviceKey: Uint8Array.from(leaf.signaturePublicKey) }
}
