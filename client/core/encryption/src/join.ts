/** Joining a group by Welcome (RFC 9420 section 12.4.3.1). */
import {
  decodeMlsMessage,
  emptyPskIndex,
  joinGroup,
  type CiphersuiteImpl,
  type KeyPackage,
  type PrivateKeyPackage,
  type Welcome,
} from 'ts-mls'
import { extractWelcomeSecret } from 'ts-mls/groupInfo.js'
import { makeKeyPackageRef } from 'ts-mls/keyPackage.js'
import { decryptGroupSecrets, welcomeKey, welcomeNonce } from 'ts-mls/welcome.js'
import {
  decodeBareGroupInfo,
  decodeKeyPackage,
  decodeWelcome,
  rosterFromTree,
  sameRoster,
  type GroupInfoSummary,
  type RosterLeaf,
} from '@brieftaube/group-policy'
import { equalBytes, MalformedError, type Bytes, type ConversationId } from '@brieftaube/protocol'
import { clientConfig } from './client-config.ts'
import type { Device } from './device.ts'
import { groupState, type GroupState } from './group-state.ts'
import { decodeKeyPackageSecret, parseKeyPackage } from './key-package.ts'
import { mlsSuite } from './mls-suite.ts'
import { guarded, refuse, type Outcome, type Refused } from './outcome.ts'

export interface WelcomeInput {
  /** MLSMessage. */
  readonly welcome: Bytes
  /** The key package that it is for (see `welcomeRefs`), and its private keys. */
  readonly keyPackage: Bytes
  readonly keyPackageSecret: Bytes
  readonly conversation: ConversationId
  readonly generation: number
  /** The epoch to which the commit beside the Welcome led. An older Welcome is refused. */
  readonly epoch?: number | undefined
}

export interface Joined {
  readonly state: GroupState
  /** Whoever made the Welcome, as authenticated by its signature. */
  readonly by: RosterLeaf
  /** The key package's private keys, unless it is one of last resort. */
  readonly erase: readonly Uint8Array[]
}

export function joinByWelcome(device: Device, input: WelcomeInput): Promise<Outcome<Joined>> {
  return guarded(async () => {
    const { suite: welcomeSuite, refs } = decodeWelcome(input.welcome)
    const { suite, ref, leaf, lastResort } = decodeKeyPackage(input.keyPackage)
    if (welcomeSuite !== suite) return refuse('wrong-suite')
    if (!refs.some((other) => equalBytes(other, ref))) return refuse('wrong-key-package')
    if (leaf.device !== device.device || !equalBytes(leaf.deviceKey, device.deviceKey))
      return refuse('wrong-key-package')
    const message = decodeMlsMessage(input.welcome, 0)?.[0]
    if (message?.wireformat !== 'mls_welcome') throw new MalformedError('not a Welcome')
    const cipherSuite = await mlsSuite(suite)
    const keys = decodeKeyPackageSecret(input.keyPackageSecret, device)
    const keyPackage = parseKeyPackage(input.keyPackage)
    const info = await openGroupInfo(message.welcome, keyPackage, keys, cipherSuite)
    const roster = rosterFromTree(info)
    const misplaced = placeProblem(info, input)
    if (misplaced !== undefined) return misplaced
    const mls = await joinGroup(
      message.welcome,
      keyPackage,
      keys,
      emptyPskIndex,
      cipherSuite,
      undefined,
      undefined,
      clientConfig,
    )
    const state = groupState(mls)
    const by = info.leaves[info.signer]
    if (!sameRoster(state.roster, roster) || by === undefined) return refuse('policy', 'roster-mismatch')
    const erase = lastResort ? [] : [keys.initPrivateKey, input.keyPackageSecret]
    return { kind: 'ok', state, by, erase } as const
  })
}

/** The sealed GroupInfo, read by our strict decoder before the library takes it in. */
async function openGroupInfo(
  welcome: Welcome,
  keyPackage: KeyPackage,
  keys: PrivateKeyPackage,
  suite: CiphersuiteImpl,
): Promise<GroupInfoSummary> {
  const ref = await makeKeyPackageRef(keyPackage, suite.hash)
  const initKey = await suite.hpke.importPrivateKey(keys.initPrivateKey)
  const secrets = await decryptGroupSecrets(initKey, ref, welcome, suite.hpke)
  if (secrets === undefined || secrets.psks.length > 0) throw new MalformedError('group secrets')
  const welcomeSecret = await extractWelcomeSecret(
    secrets.joinerSecret,
    new Uint8Array(suite.kdf.size),
    suite.kdf,
  )
  const key = await welcomeKey(welcomeSecret, suite)
  const nonce = await welcomeNonce(welcomeSecret, suite)
  return decodeBareGroupInfo(await suite.hpke.decryptAead(key, nonce, undefined, welcome.encryptedGroupInfo))
}

function placeProblem(info: GroupInfoSummary, input: WelcomeInput): Refused | undefined {
  const { conversation, generation } = info.groupId
  if (conversation !== input.conversation || generation !== input.generation)
    return refuse('wrong-conversation')
  return input.epoch === undefined || input.epoch === info.epoch
    ? undefined
    : refuse('wrong-epoch', 'a Welcome of another epoch')
}
