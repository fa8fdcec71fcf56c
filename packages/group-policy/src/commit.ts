/**
 * Commits as they travel: an MLSMessage with a PublicMessage with a Commit (RFC 9420 sections 6.2 and 12.4), proposals by
 * value, and only Add, Remove, GroupContextExtensions and ExternalInit. Everything else is refused here, before any
 * cryptography.
 */
import { limits, MalformedError, publicKeyBytes, signatureBytes } from '@brieftaube/protocol'
import { decodeEvidence, evidenceMaxBytes } from './evidence.ts'
import { decodeGroupId, groupIdBytes, type GroupId } from './group-id.ts'
import { readKeyPackage, type KeyPackageSummary } from './key-package.ts'
import { hashMaxBytes, keyMaxBytes, mls10, readLeafNode, type Leaf } from './leaf.ts'
import type { Notice } from './notice.ts'
import { decodeRules, rulesExtensionType, type GroupRules } from './rules.ts'
import { refuseMalformed, TlsReader } from './tls.ts'

export type CommitSender = { readonly kind: 'member'; readonly leaf: number } | { readonly kind: 'external' }

export interface CommitSummary {
  readonly groupId: GroupId
  /** The epoch it ends. */
  readonly epoch: number
  readonly sender: CommitSender
  /** In the order of the proposals, which is the order in which they take leaves. */
  readonly adds: readonly KeyPackageSummary[]
  /** Leaf indices. */
  readonly removes: readonly number[]
  /** The GroupContextExtensions proposal, when there is one. */
  readonly rules: GroupRules | undefined
  /** The leaf in the update path: the committer's, or the joiner's of an external commit. */
  readonly pathLeaf: Leaf | undefined
  /** Signed notices in the authenticated data. Their signatures are not checked here. */
  readonly evidence: readonly Notice[]
}

const wireFormatPublicMessage = 1
const senderMember = 1
const senderNewMemberCommit = 4
const contentTypeCommit = 3
const ciphertextMaxBytes = 128
const pathMaxNodes = 16
const proposalTypes = { add: 1, remove: 3, externalInit: 6, groupContextExtensions: 7 } as const

interface Proposals {
  adds: KeyPackageSummary[]
  removes: number[]
  rules: GroupRules[]
  externalInits: number
}

/** Throws `MalformedError` and nothing else. */
export function decodeCommit(bytes: Uint8Array): CommitSummary {
  return refuseMalformed(() => {
    if (bytes.length > limits.commitBundleMaxBytes) throw new MalformedError('commit too large')
    const reader = new TlsReader(bytes)
    if (reader.u16() !== mls10 || reader.u16() !== wireFormatPublicMessage)
      throw new MalformedError('not a PublicMessage')
    const groupId = decodeGroupId(reader.vector(groupIdBytes, groupIdBytes))
    const epoch = reader.u64()
    const sender = readSender(reader)
    const evidence = decodeEvidence(reader.vector(evidenceMaxBytes))
    if (reader.u8() !== contentTypeCommit) throw new MalformedError('not a commit')
    const proposals = readProposals(reader)
    const pathLeaf = reader.optional(readUpdatePath)
    readAuthentication(reader, sender)
    reader.end()
    checkShape(sender, proposals, pathLeaf)
    const { adds, removes, rules } = proposals
    return { groupId, epoch, sender, adds, removes, rules: rules[0], pathLeaf, evidence }
  })
}

function readSender(reader: TlsReader): CommitSender {
  const type = reader.u8()
  if (type === senderMember) return { kind: 'member', leaf: reader.u32() }
  if (type === senderNewMemberCommit) return { kind: 'external' }
  throw new MalformedError('sender type')
}

function readProposals(reader: TlsReader): Proposals {
  const proposals: Proposals = { adds: [], removes: [], rules: [], externalInits: 0 }
  reader.list(limits.commitBundleMaxBytes, 2 * limits.maxLeaves + 2, (list) => {
    if (list.u8() !== 1) throw new MalformedError('proposal by reference')
    readProposal(list, proposals)
  })
  return proposals
}

function readProposal(reader: TlsReader, proposals: Proposals): void {
  switch (reader.u16()) {
    case proposalTypes.add:
      proposals.adds.push(readKeyPackage(reader))
      return
    case proposalTypes.remove:
      proposals.removes.push(reader.u32())
      return
    case proposalTypes.externalInit:
      reader.vector(keyMaxBytes)
      proposals.externalInits += 1
      return
    case proposalTypes.groupContextExtensions:
      proposals.rules.push(readRulesExtensions(reader))
      return
    default:
      throw new MalformedError('proposal type')
  }
}

/** `Extension extensions<V>` that hold our rules and nothing else. */
export function readRulesExtensions(reader: TlsReader): GroupRules {
  const [rules, ...others] = reader.list(limits.commitBundleMaxBytes, 1, (list) => {
    if (list.u16() !== rulesExtensionType) throw new MalformedError('group context extension')
    return decodeRules(list.vector(limits.commitBundleMaxBytes))
  })
  if (rules === undefined || others.length > 0) throw new MalformedError('group rules missing')
  return rules
}

function readUpdatePath(reader: TlsReader): Leaf {
  const { leaf, source } = readLeafNode(reader)
  if (source !== 'commit') throw new MalformedError('leaf node source')
  reader.list(limits.commitBundleMaxBytes, pathMaxNodes, (nodes) => {
    nodes.vector(keyMaxBytes, publicKeyBytes)
    nodes.list(limits.commitBundleMaxBytes, limits.maxLeaves, (secrets) => {
      secrets.vector(keyMaxBytes)
      secrets.vector(ciphertextMaxBytes)
    })
  })
  return leaf
}

function readAuthentication(reader: TlsReader, sender: CommitSender): void {
  reader.vector(signatureBytes, signatureBytes)
  reader.vector(hashMaxBytes) // confirmation tag
  if (sender.kind === 'member') reader.vector(hashMaxBytes) // membership tag
}

function checkShape(sender: CommitSender, proposals: Proposals, pathLeaf: Leaf | undefined): void {
  const { adds, removes, rules, externalInits } = proposals
  if (rules.length > 1) throw new MalformedError('group rules twice')
  if (sender.kind === 'external') {
    if (
      externalInits !== 1 ||
      adds.length > 0 ||
      rules.length > 0 ||
      removes.length > 1 ||
      pathLeaf === undefined
    )
      throw new MalformedError('shape of an external commit')
    return
  }
  if (externalInits !== 0) throw new MalformedError('ExternalInit by a member')
  // RFC 9420 section 17.4, "Path Required": only a commit of Adds alone may do without
  const pathRequired = adds.length === 0 || removes.length > 0 || rules.length > 0
  if (pathRequired && pathLeaf === undefined) throw new MalformedError('update path missing')
}
