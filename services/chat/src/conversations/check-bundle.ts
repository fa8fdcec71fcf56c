/**
 * What can be said about a commit bundle without the database: structure, certificates, and that Welcome and GroupInfo
 * belong to the commit. Signatures inside MLS are the members' business; the server has no group secrets.
 */
import {
  decodeCommit,
  decodeGroupInfo,
  decodeWelcome,
  verifyCertificate,
  type CommitSummary,
  type GroupInfoSummary,
  type KeyPackageSummary,
  type Leaf,
} from '@brieftaube/group-policy'
import {
  encodeBase64Url,
  MalformedError,
  ProtocolError,
  type CommitBundle,
  type ConversationId,
} from '@brieftaube/protocol'

export interface CheckedBundle {
  readonly bundle: CommitBundle
  readonly commit: CommitSummary
  readonly groupInfo: GroupInfoSummary
}

export function commitRefused(reason: string): ProtocolError {
  return new ProtocolError('commit-refused', `The commit is refused: ${reason}.`)
}

/** Throws `malformed` or `commit-refused`. */
export function checkBundle(conversation: ConversationId, bundle: CommitBundle): CheckedBundle {
  const commit = asMalformed(() => decodeCommit(bundle.commit))
  const groupInfo = asMalformed(() => decodeGroupInfo(bundle.groupInfo))
  const { generation, epoch } = bundle
  if (!isGroup(commit.groupId, conversation, generation) || commit.epoch !== epoch)
    throw commitRefused('other group or epoch')
  if (
    !isGroup(groupInfo.groupId, conversation, generation) ||
    groupInfo.epoch !== epoch + 1 ||
    !groupInfo.hasExternalPub
  ) {
    throw commitRefused('the GroupInfo is not of the next epoch')
  }
  if (commit.sender.kind === 'external') checkLeaf(commit.pathLeaf)
  checkWelcome(bundle.welcome, commit.adds)
  return { bundle, commit, groupInfo }
}

export function asMalformed<T>(decode: () => T): T {
  try {
    return decode()
  } catch (cause) {
    if (!(cause instanceof MalformedError)) throw cause
    throw new ProtocolError('malformed', `The bytes are malformed: ${cause.message}.`, { cause })
  }
}

export function isGroup(
  id: { readonly conversation: ConversationId; readonly generation: number },
  conversation: ConversationId,
  generation: number,
): boolean {
  return id.conversation === conversation && id.generation === generation
}

/** One signature each, which takes long: only for devices that are known and may be added. Throws `commit-refused`. */
export function checkAdds({ adds }: Pick<CommitSummary, 'adds'>): void {
  for (const added of adds) checkAdded(added)
}

function checkAdded({ leaf, lifetime }: KeyPackageSummary): void {
  const now = Date.now()
  if (lifetime.notAfterMs < now || lifetime.notBeforeMs > now + DAY_MS)
    throw commitRefused('a key package is out of date')
  checkLeaf(leaf)
}

const DAY_MS = 24 * 3600 * 1000

export function checkLeaf(leaf: Leaf | undefined): void {
  if (leaf === undefined || !verifyCertificate(leaf.certificate, leaf.deviceKey))
    throw commitRefused('a device certificate is not valid')
}

/** It welcomes exactly those whom the commit adds. */
function checkWelcome(welcome: Uint8Array, adds: readonly KeyPackageSummary[]): void {
  if (adds.length === 0) {
    if (welcome.length > 0) throw commitRefused('a Welcome without an Add')
    return
  }
  const welcomed = asMalformed(() => decodeWelcome(welcome))
    .refs.map(encodeBase64Url)
    .sort()
  const added = adds.map((each) => encodeBase64Url(each.ref)).sort()
  if (welcomed.length !== added.length || welcomed.some((ref, index) => ref !== added[index])) {
    throw commitRefused('the Welcome is not for those who were added')
  }
}
