/** Test vectors of the MLS working group through the library as we configure it (`rfc9420-vectors.json` names the source). */
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { decodeMlsMessage, encodeMlsMessage, mlsExporter, type GroupContext, type RatchetTree } from 'ts-mls'
import { decodeAuthenticatedContent } from 'ts-mls/authenticatedContent.js'
import { refhash } from 'ts-mls/crypto/hash.js'
import { decryptWithLabel } from 'ts-mls/crypto/hpke.js'
import { deriveSecret, deriveTreeSecret, expandWithLabel } from 'ts-mls/crypto/kdf.js'
import { signWithLabel, verifyWithLabel } from 'ts-mls/crypto/signature.js'
import { decodeGroupContext } from 'ts-mls/groupContext.js'
import { verifyGroupInfoConfirmationTag, verifyGroupInfoSignature } from 'ts-mls/groupInfo.js'
import { makeKeyPackageRef } from 'ts-mls/keyPackage.js'
import { initializeEpoch } from 'ts-mls/keySchedule.js'
import { unprotectPrivateMessage } from 'ts-mls/messageProtection.js'
import { unprotectPublicMessage } from 'ts-mls/messageProtectionPublic.js'
import type { SenderData } from 'ts-mls/sender.js'
import { createSecretTree, deriveKey, deriveNonce, ratchetToGeneration } from 'ts-mls/secretTree.js'
import { createConfirmedHash, createInterimHash } from 'ts-mls/transcriptHash.js'
import { decryptGroupInfo, decryptGroupSecrets } from 'ts-mls/welcome.js'
import { encodeHex } from '@brieftaube/protocol'
import { clientConfig } from '../src/client-config.ts'
import { mlsSuite } from '../src/mls-suite.ts'

const vectors = JSON.parse(
  readFileSync(new URL('./rfc9420-vectors.json', import.meta.url), 'utf8'),
) as Vectors
const suite = await mlsSuite('x25519-128')

type Hexes = Record<string, string>
interface Vectors {
  cryptoBasics: Record<string, Record<string, string | number>>
  keySchedule: {
    initial_init_secret: string
    epochs: (Hexes & { exporter: { label: string; context: string; length: number; secret: string } })[]
  }
  secretTree: {
    encryption_secret: string
    leaves: (Hexes & { generation: number })[][]
  }
  messageProtection: Hexes & { epoch: number }
  transcriptHashes: Hexes
  welcome: Hexes
}

function bytes(hex: string | number | undefined): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(String(hex).match(/../g) ?? [], (pair) => parseInt(pair, 16))
}

function basics(name: string) {
  const vector = vectors.cryptoBasics[name] ?? {}
  const value = (field: string) => bytes(vector[field])
  return {
    value,
    label: String(vector['label']),
    number: (field: string) => Number(vector[field]),
    hex: (field: string) => String(vector[field]),
  }
}

describe('RFC 9420 vectors', () => {
  it('crypto basics: hashes, derivations, signatures, encryption with labels', async () => {
    const ref = basics('ref_hash')
    expect(encodeHex(await refhash(ref.label, ref.value('value'), suite.hash))).toBe(ref.hex('out'))
    const expand = basics('expand_with_label')
    const expanded = await expandWithLabel(
      expand.value('secret'),
      expand.label,
      expand.value('context'),
      expand.number('length'),
      suite.kdf,
    )
    expect(encodeHex(expanded)).toBe(expand.hex('out'))
    const derive = basics('derive_secret')
    expect(encodeHex(await deriveSecret(derive.value('secret'), derive.label, suite.kdf))).toBe(
      derive.hex('out'),
    )
    const tree = basics('derive_tree_secret')
    const secret = await deriveTreeSecret(
      tree.value('secret'),
      tree.label,
      tree.number('generation'),
      tree.number('length'),
      suite.kdf,
    )
    expect(encodeHex(secret)).toBe(tree.hex('out'))
    const sign = basics('sign_with_label')
    expect(
      await verifyWithLabel(
        sign.value('pub'),
        sign.label,
        sign.value('content'),
        sign.value('signature'),
        suite.signature,
      ),
    ).toBe(true)
    const signed = await signWithLabel(sign.value('priv'), sign.label, sign.value('content'), suite.signature)
    expect(encodeHex(signed)).toBe(sign.hex('signature'))
    const seal = basics('encrypt_with_label')
    const key = await suite.hpke.importPrivateKey(seal.value('priv'))
    const opened = await decryptWithLabel(
      key,
      seal.label,
      seal.value('context'),
      seal.value('kem_output'),
      seal.value('ciphertext'),
      suite.hpke,
    )
    expect(encodeHex(opened)).toBe(seal.hex('plaintext'))
  })

  it('key schedule and exporter', async () => {
    let initSecret = bytes(vectors.keySchedule.initial_init_secret)
    for (const epoch of vectors.keySchedule.epochs) {
      const context = decodeGroupContext(bytes(epoch['group_context']), 0)?.[0]
      if (context === undefined) throw new Error('group context')
      const made = await initializeEpoch(
        initSecret,
        bytes(epoch['commit_secret']),
        context,
        bytes(epoch['psk_secret']),
        suite.kdf,
      )
      const schedule = made.keySchedule
      expect(encodeHex(made.joinerSecret)).toBe(epoch['joiner_secret'])
      expect(encodeHex(made.welcomeSecret)).toBe(epoch['welcome_secret'])
      expect(encodeHex(made.encryptionSecret)).toBe(epoch['encryption_secret'])
      expect(encodeHex(schedule.senderDataSecret)).toBe(epoch['sender_data_secret'])
      expect(encodeHex(schedule.exporterSecret)).toBe(epoch['exporter_secret'])
      expect(encodeHex(schedule.epochAuthenticator)).toBe(epoch['epoch_authenticator'])
      expect(encodeHex(schedule.membershipKey)).toBe(epoch['membership_key'])
      const { label, context: exportContext, length, secret } = epoch.exporter
      const exported = await mlsExporter(schedule.exporterSecret, label, bytes(exportContext), length, suite)
      expect(encodeHex(exported)).toBe(secret)
      initSecret = Uint8Array.from(schedule.initSecret)
    }
  })

  it('secret tree', async () => {
    const { encryption_secret, leaves } = vectors.secretTree
    const tree = await createSecretTree(leaves.length, bytes(encryption_secret), suite.kdf)
    for (const [index, generations] of leaves.entries()) {
      for (const expected of generations) {
        const senderData = {
          leafIndex: index,
          generation: expected.generation,
          reuseGuard: new Uint8Array(4) as SenderData['reuseGuard'],
        }
        const retention = clientConfig.keyRetentionConfig
        const application = await ratchetToGeneration(tree, senderData, 'application', retention, suite)
        expect(encodeHex(application.key)).toBe(expected['application_key'])
        expect(encodeHex(application.nonce)).toBe(expected['application_nonce'])
        const handshake = await ratchetToGeneration(tree, senderData, 'commit', retention, suite)
        expect(encodeHex(handshake.key)).toBe(expected['handshake_key'])
      }
      const first = tree[index * 2]?.application.secret ?? new Uint8Array(0)
      expect(encodeHex(await deriveKey(first, 0, suite))).toBe(generations[0]?.['application_key'])
      expect(encodeHex(await deriveNonce(first, 0, suite))).toBe(generations[0]?.['application_nonce'])
    }
  })

  it('message protection, private and public', async () => {
    const vector = vectors.messageProtection
    const context: GroupContext = {
      version: 'mls10',
      cipherSuite: suite.name,
      groupId: bytes(vector['group_id']),
      epoch: BigInt(vector.epoch),
      treeHash: bytes(vector['tree_hash']),
      confirmedTranscriptHash: bytes(vector['confirmed_transcript_hash']),
      extensions: [],
    }
    const secretTree = await createSecretTree(2, bytes(vector['encryption_secret']), suite.kdf)
    const priv = decodeMlsMessage(bytes(vector['application_priv']), 0)?.[0]
    if (priv?.wireformat !== 'mls_private_message') throw new Error('not private')
    const retention = clientConfig.keyRetentionConfig
    const senderData = bytes(vector['sender_data_secret'])
    const noTree: RatchetTree = []
    const opened = await unprotectPrivateMessage(
      senderData,
      priv.privateMessage,
      secretTree,
      noTree,
      context,
      retention,
      suite,
      bytes(vector['signature_pub']),
    )
    const { content } = opened.content
    expect(content.contentType === 'application' && encodeHex(content.applicationData)).toBe(
      vector['application'],
    )
    const pub = decodeMlsMessage(bytes(vector['commit_pub']), 0)?.[0]
    if (pub?.wireformat !== 'mls_public_message') throw new Error('not public')
    const key = bytes(vector['membership_key'])
    await unprotectPublicMessage(
      key,
      context,
      noTree,
      pub.publicMessage,
      suite,
      bytes(vector['signature_pub']),
    )
    const wrong = unprotectPublicMessage(
      new Uint8Array(32),
      context,
      noTree,
      pub.publicMessage,
      suite,
      bytes(vector['signature_pub']),
    )
    await expect(wrong).rejects.toThrow()
  })

  it('transcript hashes', async () => {
    const vector = vectors.transcriptHashes
    const content = decodeAuthenticatedContent(bytes(vector['authenticated_content']), 0)?.[0]
    if (content?.content.contentType !== 'commit' || content.auth.contentType !== 'commit')
      throw new Error('not a commit')
    const input = {
      wireformat: content.wireformat,
      content: content.content,
      signature: content.auth.signature,
    }
    const confirmed = await createConfirmedHash(
      bytes(vector['interim_transcript_hash_before']),
      input,
      suite.hash,
    )
    expect(encodeHex(confirmed)).toBe(vector['confirmed_transcript_hash_after'])
    const interim = await createInterimHash(confirmed, content.auth.confirmationTag, suite.hash)
    expect(encodeHex(interim)).toBe(vector['interim_transcript_hash_after'])
  })

  it('Welcome', async () => {
    const vector = vectors.welcome
    const welcome = decodeMlsMessage(bytes(vector['welcome']), 0)?.[0]
    const keyPackage = decodeMlsMessage(bytes(vector['key_package']), 0)?.[0]
    if (welcome?.wireformat !== 'mls_welcome' || keyPackage?.wireformat !== 'mls_key_package')
      throw new Error('messages')
    expect(encodeHex(encodeMlsMessage(welcome))).toBe(vector['welcome'])
    const ref = await makeKeyPackageRef(keyPackage.keyPackage, suite.hash)
    const key = await suite.hpke.importPrivateKey(bytes(vector['init_priv']))
    const secrets = await decryptGroupSecrets(key, ref, welcome.welcome, suite.hpke)
    if (secrets === undefined) throw new Error('group secrets')
    const noPsk = new Uint8Array(suite.kdf.size)
    const info = await decryptGroupInfo(welcome.welcome, secrets.joinerSecret, noPsk, suite)
    if (info === undefined) throw new Error('group info')
    expect(await verifyGroupInfoSignature(info, bytes(vector['signer_pub']), suite.signature)).toBe(true)
    expect(await verifyGroupInfoConfirmationTag(info, secrets.joinerSecret, noPsk, suite)).toBe(true)
  })
})
