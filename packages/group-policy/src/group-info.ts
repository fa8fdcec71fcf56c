/** GroupInfo (RFC 9420 section 12.4.3) with its ratchet tree and external public key, as a commit's bundle carries it. */
import { limits, MalformedError, publicKeyBytes, signatureBytes } from '@brieftaube/protocol'
import { decodeGroupId, groupIdBytes, type GroupId } from './group-id.ts'
import { readRulesExtensions } from './commit.ts'
import { hashMaxBytes, keyMaxBytes, mls10, readLeafNode, type Leaf } from './leaf.ts'
import type { GroupRules } from './rules.ts'
import { suiteFromId, type Suite } from './suite.ts'
import { refuseMalformed, TlsReader } from './tls.ts'

export interface GroupInfoSummary {
  readonly groupId: GroupId
  readonly epoch: number
  readonly suite: Suite
  /** By leaf index, without the blank ones at the end. */
  readonly leaves: readonly (Leaf | undefined)[]
  readonly rules: GroupRules
  /** Leaf index of whoever signed it. The signature is not checked here. */
  readonly signer: number
  readonly hasExternalPub: boolean
}

const wireFormatGroupInfo = 4
const ratchetTreeExtension = 2
const externalPubExtension = 4
/** The widest tree: the next power of two above `maxLeaves`, as nodes. */
const maxNodes = 2 * 2 ** Math.ceil(Math.log2(limits.maxLeaves)) - 1

/** From an MLSMessage that holds a GroupInfo; throws `MalformedError` and nothing else. */
export function decodeGroupInfo(bytes: Uint8Array): GroupInfoSummary {
  return refuseMalformed(() => {
    if (bytes.length > limits.commitBundleMaxBytes) throw new MalformedError('GroupInfo too large')
    const reader = new TlsReader(bytes)
    if (reader.u16() !== mls10 || reader.u16() !== wireFormatGroupInfo)
      throw new MalformedError('not a GroupInfo')
    const summary = readGroupInfo(reader)
    if (!summary.hasExternalPub) throw new MalformedError('external public key missing')
    return summary
  })
}

/** A GroupInfo without the MLSMessage around it, as a Welcome seals it; throws `MalformedError` and nothing else. */
export function decodeBareGroupInfo(bytes: Uint8Array): GroupInfoSummary {
  return refuseMalformed(() => readGroupInfo(new TlsReader(bytes)))
}

function readGroupInfo(reader: TlsReader): GroupInfoSummary {
  const context = readGroupContext(reader)
  const { leaves, hasExternalPub } = readExtensions(reader, context.suite)
  reader.vector(hashMaxBytes) // confirmation tag
  const signer = reader.u32()
  reader.vector(signatureBytes, signatureBytes)
  reader.end()
  if (leaves[signer] === undefined) throw new MalformedError('signer has no leaf')
  return { ...context, leaves, signer, hasExternalPub }
}

interface Context {
  readonly groupId: GroupId
  readonly epoch: number
  readonly suite: Suite
  readonly rules: GroupRules
}

function readGroupContext(reader: TlsReader): Context {
  if (reader.u16() !== mls10) throw new MalformedError('MLS version')
  const suite = suiteFromId(reader.u16())
  if (suite === undefined) throw new MalformedError('cipher suite')
  const groupId = decodeGroupId(reader.vector(groupIdBytes, groupIdBytes))
  const epoch = reader.u64()
  reader.vector(hashMaxBytes) // tree hash
  reader.vector(hashMaxBytes) // confirmed transcript hash
  return { groupId, epoch, suite, rules: readRulesExtensions(reader) }
}

function readExtensions(
  reader: TlsReader,
  suite: Suite,
): { leaves: (Leaf | undefined)[]; hasExternalPub: boolean } {
  let leaves: (Leaf | undefined)[] | undefined
  let hasExternalPub = false
  reader.list(limits.commitBundleMaxBytes, 2, (list) => {
    const type = list.u16()
    const data = list.vector(limits.commitBundleMaxBytes)
    if (type === ratchetTreeExtension && leaves === undefined) leaves = readTree(data, suite)
    else if (type === externalPubExtension && !hasExternalPub && data.length > 0) hasExternalPub = true
    else throw new MalformedError('GroupInfo extension')
  })
  if (leaves === undefined) throw new MalformedError('ratchet tree missing')
  return { leaves, hasExternalPub }
}

/** The leaves of `optional<Node> ratchet_tree<V>` (section 12.4.3.3); parents are read over. */
function readTree(data: Uint8Array, suite: Suite): (Leaf | undefined)[] {
  const reader = new TlsReader(data)
  const leaves: (Leaf | undefined)[] = []
  let index = 0
  let last = false
  reader.list(limits.commitBundleMaxBytes, maxNodes, (nodes) => {
    const isLeaf = index % 2 === 0
    const node = nodes.optional((item) => readNode(item, isLeaf, suite))
    if (isLeaf) leaves.push(node?.leaf)
    last = node !== undefined
    index += 1
  })
  reader.end()
  if (!last) throw new MalformedError('the last node is blank')
  // a parent may be the last node only in a tree that the rules of section 7.8 would have cut
  if (index % 2 === 0) throw new MalformedError('the last node is a parent')
  return leaves
}

function readNode(reader: TlsReader, isLeaf: boolean, suite: Suite): { leaf: Leaf | undefined } {
  const type = reader.u8()
  if (type !== (isLeaf ? 1 : 2)) throw new MalformedError('node type')
  if (isLeaf) {
    const { leaf } = readLeafNode(reader)
    if (leaf.suite !== suite) throw new MalformedError('encryption key of another suite')
    return { leaf }
  }
  reader.vector(keyMaxBytes, publicKeyBytes)
  reader.vector(hashMaxBytes)
  reader.list(4 * limits.maxLeaves, limits.maxLeaves, (unmerged) => unmerged.u32())
  return { leaf: undefined }
}
