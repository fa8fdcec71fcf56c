/** A malicious server, and malicious members, as far as they can be played at this level (security.md, "Encryption"). */
import { beforeAll, describe, expect, it } from 'vitest'
import { createApplicationMessage, createProposal, encodeMlsMessage, generateKeyPackageWithKey } from 'ts-mls'
import {
  certificateSignedBytes,
  encodeCertificate,
  encodeText,
  parseCertificate,
  type Bytes,
  type ConversationId,
  type DeviceId,
} from '@brieftaube/protocol'
import {
  adoptCommit,
  applyNotice,
  externalJoin,
  joinByWelcome,
  makeCommit,
  makeGroupInfo,
  openBody,
  openMessage,
  processCommit,
  randomId,
  sealMessage,
  signLeave,
  signStatement,
  type Device,
  type GroupState,
} from '../src/index.ts'
import { encryptAes, importAesKey } from '../src/aead.ts'
import { hashBody } from '../src/body.ts'
import { capabilities } from '../src/client-config.ts'
import { validateCredential } from '../src/credential.ts'
import { createSigningKey } from '../src/ed25519.ts'
import { encodeKeyPackage } from '../src/key-package.ts'
import { labels } from '../src/labels.ts'
import { mlsSuite } from '../src/mls-suite.ts'
import { add, follow, newDirect, newGroup, threeInAGroup } from './groups.ts'
import {
  detailOf,
  entryOf,
  flipBit,
  keyPackageOf,
  newDevice,
  newPerson,
  nothingSeen,
  now,
  ok,
  reasonOf,
  type Person,
} from './people.ts'

const suite = 'x25519-128'
let alice: Person
let bob: Person
let carla: Person
let states: { alice: GroupState; bob: GroupState; carla: GroupState }

beforeAll(async () => {
  ;({ alice, bob, carla, states } = await threeInAGroup(suite))
})

async function sealFrom(state: GroupState, device: Device, counter: number, text = 'hello') {
  const clientId = { device: device.device, counter }
  return ok(await sealMessage(state, { content: encodeText(text), clientId, lastSeen: nothingSeen }))
}

describe('messages', () => {
  it('replayed are refused', async () => {
    const entry = entryOf(states.alice, alice.device, 1, await sealFrom(states.alice, alice.device, 1))
    const opened = ok(await openMessage(states.bob, entry))
    expect(reasonOf(await openMessage(opened.state, { ...entry, seq: 2 }))).toBe('replayed')
  })

  it('attributed to another device, or under another counter, are refused, and the true entry still opens', async () => {
    const entry = entryOf(states.alice, alice.device, 1, await sealFrom(states.alice, alice.device, 1))
    expect(reasonOf(await openMessage(states.bob, { ...entry, device: carla.device.device }))).toBe(
      'wrong-sender',
    )
    expect(reasonOf(await openMessage(states.bob, { ...entry, counter: 2 }))).toBe('wrong-sender')
    expect((await openMessage(states.bob, entry)).kind).toBe('ok')
  })

  it('of a member that claims the client id of another are refused', async () => {
    const clientId = { device: alice.device.device, counter: 1 }
    const sealed = ok(
      await sealMessage(states.carla, { content: encodeText('I am alice'), clientId, lastSeen: nothingSeen }),
    )
    expect(reasonOf(await openMessage(states.bob, entryOf(states.carla, alice.device, 1, sealed)))).toBe(
      'wrong-sender',
    )
    expect(reasonOf(await openMessage(states.bob, entryOf(states.carla, carla.device, 1, sealed)))).toBe(
      'wrong-sender',
    )
  })

  it('redirected to another conversation are refused', async () => {
    const other = await add(await newGroup(alice.device, suite), [], [bob.device])
    const entry = entryOf(states.alice, alice.device, 1, await sealFrom(states.alice, alice.device, 1))
    const bobElsewhere = other.joiners[0] ?? states.bob
    expect(reasonOf(await openMessage(bobElsewhere, entry))).toBe('wrong-conversation')
    const { conversation } = bobElsewhere
    expect(reasonOf(await openMessage(bobElsewhere, { ...entry, conversation }))).toBe('wrong-conversation')
    expect(reasonOf(await openMessage(states.bob, { ...entry, conversation }))).toBe('wrong-conversation')
    expect(reasonOf(await openMessage(states.bob, { ...entry, generation: 1 }))).toBe('wrong-conversation')
  })

  it('of a member whose block names another conversation are refused', async () => {
    const elsewhere = { ...states.carla, conversation: randomId<ConversationId>() }
    const sealed = await sealFrom(elsewhere, carla.device, 1)
    expect(reasonOf(await openMessage(states.bob, entryOf(states.carla, carla.device, 1, sealed)))).toBe(
      'wrong-conversation',
    )
  })

  it('with a changed frame are refused without a change of state', async () => {
    const entry = entryOf(states.alice, alice.device, 1, await sealFrom(states.alice, alice.device, 1))
    for (let at = 0; at < entry.mls.length; at += 7)
      expect((await openMessage(states.bob, { ...entry, mls: flipBit(entry.mls, at) })).kind).toBe('refused')
    expect((await openMessage(states.bob, entry)).kind).toBe('ok')
  })

  it('with another body are flagged, their sender stays known, and the true body opens later', async () => {
    const sealed = await sealFrom(states.alice, alice.device, 1)
    const entry = entryOf(states.alice, alice.device, 1, sealed)
    const result = await openMessage(states.bob, { ...entry, body: flipBit(entry.body, 9) })
    if (result.kind !== 'body-refused') throw new Error(result.kind)
    expect(result.reason).toBe('body-mismatch')
    expect(result.sender.device).toBe(alice.device.device)
    expect(ok(await openBody(result.opened, sealed.body)).content).toEqual(encodeText('hello'))
    const another = await sealFrom(sealed.state, alice.device, 2, 'other')
    expect(reasonOf(await openMessage(states.bob, { ...entry, body: another.body }))).toBe('body-mismatch')
  })

  it('whose body was sealed again under the same key are flagged too', async () => {
    const sealed = await sealFrom(states.alice, alice.device, 1)
    const again = ok(await openBody(sealed.opened, sealed.body)).content
    const body = await sealUnder(sealed.opened.messageKey, [...again, 1])
    const { messageKey } = sealed.opened
    expect((await openBody({ messageKey, bodyHash: hashBody(body) }, body)).kind).toBe('ok')
    expect(reasonOf(await openBody(sealed.opened, body))).toBe('body-mismatch')
  })

  it('whose body was deleted open without content', async () => {
    const sealed = await sealFrom(states.alice, alice.device, 1)
    const entry = {
      ...entryOf(states.alice, alice.device, 1, sealed),
      body: new Uint8Array(0),
      bodyHash: sealed.opened.bodyHash,
    }
    expect(ok(await openMessage(states.bob, entry)).content).toBeUndefined()
  })

  it('in the clear, and proposals and commits in private frames, are refused', async () => {
    const implementation = await mlsSuite(suite)
    const removal = { proposalType: 'remove', remove: { removed: 1 } } as const
    const inPublic = await createProposal(states.alice.mls, true, removal, implementation)
    const inPrivate = await createProposal(states.alice.mls, false, removal, implementation)
    for (const { message } of [inPublic, inPrivate]) {
      const mls = Uint8Array.from(encodeMlsMessage(message))
      const entry = entryOf(states.alice, alice.device, 1, { mls, body: new Uint8Array(256) })
      expect(reasonOf(await openMessage(states.bob, entry))).toBe('malformed')
      expect(reasonOf(await processCommit(states.bob, { mls }))).toBe('malformed')
    }
    // an application message in a PublicMessage: version 1 · wire format 1 · … · content type 1
    const { mls } = await sealFrom(states.alice, alice.device, 1)
    const plain = Uint8Array.from(mls)
    plain[3] = 1
    expect(
      reasonOf(
        await openMessage(states.bob, entryOf(states.alice, alice.device, 1, { mls: plain, body: plain })),
      ),
    ).toBe('malformed')
  })

  it('with associated data, or whose block has another size, are refused', async () => {
    const implementation = await mlsSuite(suite)
    const block = new Uint8Array(149)
    const withData = await createApplicationMessage(states.alice.mls, block, implementation, Uint8Array.of(1))
    const longer = await createApplicationMessage(states.alice.mls, new Uint8Array(150), implementation)
    for (const { privateMessage } of [withData, longer]) {
      const mls = Uint8Array.from(
        encodeMlsMessage({ version: 'mls10', wireformat: 'mls_private_message', privateMessage }),
      )
      expect(
        reasonOf(await openMessage(states.bob, entryOf(states.alice, alice.device, 1, { mls, body: mls }))),
      ).toBe('malformed')
    }
  })

  it('of epochs that are gone or not reached, or listed under another epoch, are refused', async () => {
    const entry = entryOf(states.alice, alice.device, 1, await sealFrom(states.alice, alice.device, 1))
    let bobState = states.bob
    let aliceState = states.alice
    for (let round = 0; round < 3; round++) {
      const bundle = ok(await makeCommit(aliceState))
      aliceState = ok(adoptCommit(aliceState, bundle.pending)).state
      bobState = (await follow([bobState], bundle.commit))[0] ?? bobState
      const reason = reasonOf(await openMessage(bobState, entry))
      expect(reason, `${String(round + 1)} epochs later`).toBe(round < 2 ? 'ok' : 'too-old')
    }
    const ahead = entryOf(aliceState, alice.device, 2, await sealFrom(aliceState, alice.device, 2))
    expect(reasonOf(await openMessage(states.bob, ahead))).toBe('unknown-epoch')
    expect(reasonOf(await openMessage(bobState, { ...ahead, epoch: ahead.epoch - 1 }))).toBe('wrong-epoch')
  })

  it('of the own device are not opened', async () => {
    const sealed = await sealFrom(states.alice, alice.device, 1)
    expect(reasonOf(await openMessage(sealed.state, entryOf(states.alice, alice.device, 1, sealed)))).toBe(
      'own-message',
    )
  })
})

describe('a removed member', () => {
  it('can read nothing of the next epoch, write nothing, and not come back by itself', async () => {
    const bundle = ok(await makeCommit(states.alice, { removes: [states.bob.ownLeaf] }))
    const aliceState = ok(adoptCommit(states.alice, bundle.pending)).state
    const bobState = (await follow([states.bob], bundle.commit))[0] ?? states.bob
    expect(bobState.status).toBe('removed')
    const entry = entryOf(aliceState, alice.device, 1, await sealFrom(aliceState, alice.device, 1))
    expect((await openMessage(bobState, entry)).kind).toBe('refused')
    expect((await openMessage(states.bob, entry)).kind).toBe('refused')
    expect(reasonOf(await makeCommit(bobState))).toBe('removed')
    const clientId = { device: bob.device.device, counter: 1 }
    expect(
      reasonOf(await sealMessage(bobState, { content: entry.body, clientId, lastSeen: nothingSeen })),
    ).toBe('removed')
    const { groupInfo } = bundle
    const joined = await externalJoin(bob.device, { groupInfo, ...aliceState, nowMs: now })
    expect(detailOf(joined)).toBe('not-seated')
  })

  it('is refused by the others when it goes on writing in the old epoch beyond what they keep', async () => {
    const bundle = ok(await makeCommit(states.alice, { removes: [states.bob.ownLeaf] }))
    const aliceState = ok(adoptCommit(states.alice, bundle.pending)).state
    const sealed = await sealFrom(states.bob, bob.device, 1)
    const relabelled = { ...entryOf(states.bob, bob.device, 1, sealed), epoch: aliceState.epoch }
    expect(reasonOf(await openMessage(aliceState, relabelled))).toBe('wrong-epoch')
  })
})

describe('commits', () => {
  it('that do not fit the policy are refused before the library sees them, whoever signs', async () => {
    const dora = await newPerson()
    const { bytes } = await keyPackageOf(dora.device, suite)
    expect(detailOf(await makeCommit(states.bob, { adds: [bytes] }))).toBe('not-allowed-to-add')
    expect(detailOf(await makeCommit(states.bob, { removes: [states.carla.ownLeaf] }))).toBe(
      'not-allowed-to-remove',
    )
    expect(detailOf(await makeCommit(states.bob, { admins: [bob.vault.account] }))).toBe(
      'not-allowed-to-change-admins',
    )
    const forged = await forgeCommit(states.bob, bytes)
    expect(detailOf(await processCommit(states.carla, { mls: forged }))).toBe('not-allowed-to-add')
  })

  it('replayed, of another epoch, or of another conversation are refused', async () => {
    const bundle = ok(await makeCommit(states.alice))
    const bobState = (await follow([states.bob], bundle.commit))[0] ?? states.bob
    expect(reasonOf(await processCommit(bobState, { mls: bundle.commit }))).toBe('too-old')
    const aliceState = ok(adoptCommit(states.alice, bundle.pending)).state
    const next = ok(await makeCommit(aliceState))
    expect(reasonOf(await processCommit(states.bob, { mls: next.commit }))).toBe('unknown-epoch')
    const other = await add(await newGroup(alice.device, suite), [], [bob.device])
    expect(reasonOf(await processCommit(other.joiners[0] ?? bobState, { mls: bundle.commit }))).toBe(
      'wrong-conversation',
    )
  })

  it('named after another device, or changed on the way, are refused', async () => {
    const bundle = ok(await makeCommit(states.alice))
    const named = await processCommit(states.bob, { mls: bundle.commit, device: carla.device.device })
    expect(reasonOf(named)).toBe('wrong-sender')
    for (let at = 0; at < bundle.commit.length; at += 41)
      expect((await processCommit(states.bob, { mls: flipBit(bundle.commit, at) })).kind).toBe('refused')
    expect((await processCommit(states.bob, { mls: bundle.commit, device: alice.device.device })).kind).toBe(
      'ok',
    )
  })

  it('of the own device are not processed, but adopted', async () => {
    const bundle = ok(await makeCommit(states.alice))
    expect(reasonOf(await processCommit(states.alice, { mls: bundle.commit }))).toBe('own-message')
    const moved = ok(adoptCommit(states.alice, bundle.pending)).state
    expect(reasonOf(adoptCommit(moved, bundle.pending))).toBe('wrong-epoch')
  })

  it('keep messages of the old epoch that were opened while the commit waited', async () => {
    const bundle = ok(await makeCommit(states.alice))
    const first = entryOf(states.bob, bob.device, 1, await sealFrom(states.bob, bob.device, 1))
    const opened = ok(await openMessage(states.alice, first))
    const adopted = ok(adoptCommit(opened.state, bundle.pending)).state
    expect(reasonOf(await openMessage(adopted, first))).toBe('replayed')
  })
})

describe('key packages', () => {
  it('certified for another device, by another account, or of a key that is not the certificate’s are refused', async () => {
    const dora = await newPerson()
    const certificate = parseCertificate(dora.device.certificate)
    const relabelled = encodeCertificate({ ...certificate, device: randomId<DeviceId>() })
    const otherAccount = encodeCertificate({ ...certificate, account: carla.vault.account })
    const otherKey = createSigningKey()
    const swapped: Device[] = [
      { ...dora.device, certificate: relabelled },
      { ...dora.device, certificate: otherAccount },
      { ...dora.device, deviceKey: otherKey.publicKey, secret: otherKey.secret },
    ]
    for (const device of swapped) {
      const { bytes } = await keyPackageOf(device, suite)
      expect((await makeCommit(states.alice, { adds: [bytes] })).kind).toBe('refused')
      expect((await processCommit(states.bob, { mls: await forgeCommit(states.alice, bytes) })).kind).toBe(
        'refused',
      )
    }
  })

  it('of a ghost device, certified by a second account key, are refused', async () => {
    const impostor = await newPerson()
    const ghost = newDevice({ ...impostor.vault, account: bob.vault.account })
    const { bytes } = await keyPackageOf(ghost, suite)
    expect(detailOf(await makeCommit(states.alice, { adds: [bytes] }))).toBe('second-account-key')
    const groupInfo = await makeGroupInfo(states.alice)
    const joined = await externalJoin(ghost, { groupInfo, ...states.alice, nowMs: now })
    expect(detailOf(joined)).toBe('second-account-key')
  })

  it('of another cipher suite, expired, or with other capabilities are refused', async () => {
    const dora = await newPerson()
    const postQuantum = await keyPackageOf(dora.device, 'xwing-256')
    expect(detailOf(await makeCommit(states.alice, { adds: [postQuantum.bytes] }))).toMatch(
      /other-suite|CipherSuite/,
    )
    const { createKeyPackage } = await import('../src/index.ts')
    const old = await createKeyPackage(dora.device, {
      suite,
      kind: 'one-time',
      nowMs: now - 120 * 24 * 3600 * 1000,
    })
    expect(reasonOf(await makeCommit(states.alice, { adds: [old.bytes] }))).toBe('expired')
    const lenient = { ...capabilities, proposals: [0xf000] }
    expect(
      reasonOf(await makeCommit(states.alice, { adds: [await keyPackageWith(dora.device, lenient)] })),
    ).toBe('malformed')
  })

  it('with keys of small order are refused, also when the account itself certified them', async () => {
    const dora = await newPerson()
    // the neutral element, a point of order 4, and one of order 8
    const weakKeys = ['01', '00', '26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05']
    for (const hex of weakKeys) {
      const weak = Uint8Array.from(hex.padEnd(64, '0').match(/../g) ?? [], (pair) => parseInt(pair, 16))
      const { account, device, accountKey } = dora.device
      const fields = { account, device, accountKey, issuedAt: now }
      const signature = signStatement(dora.vault.accountKey.secret, certificateSignedBytes(fields, weak))
      const identity = encodeCertificate({ ...fields, signature })
      expect(validateCredential({ credentialType: 'basic', identity }, weak)).toBe(false)
      const weakAccount = encodeCertificate({ ...fields, accountKey: weak, signature: weakSignature(weak) })
      expect(
        validateCredential({ credentialType: 'basic', identity: weakAccount }, dora.device.deviceKey),
      ).toBe(false)
    }
    const credential = { credentialType: 'basic', identity: dora.device.certificate } as const
    expect(validateCredential(credential, dora.device.deviceKey)).toBe(true)
    expect(validateCredential({ credentialType: 'x509', certificates: [] }, dora.device.deviceKey)).toBe(
      false,
    )
  })
})

describe('a Welcome', () => {
  it('of an older epoch, for another conversation, or for another key package is refused', async () => {
    const dora = await newPerson()
    const keyPackage = await keyPackageOf(dora.device, suite)
    const { welcome } = ok(await makeCommit(states.alice, { adds: [keyPackage.bytes] }))
    if (welcome === undefined) throw new Error('no Welcome')
    const { conversation, generation, epoch } = states.alice
    const { bytes, secret } = keyPackage
    const input = {
      welcome,
      keyPackage: bytes,
      keyPackageSecret: secret,
      conversation,
      generation,
      epoch: epoch + 1,
    }
    expect(reasonOf(await joinByWelcome(dora.device, { ...input, epoch: epoch + 2 }))).toBe('wrong-epoch')
    expect(reasonOf(await joinByWelcome(dora.device, { ...input, generation: 1 }))).toBe('wrong-conversation')
    expect(
      reasonOf(await joinByWelcome(dora.device, { ...input, conversation: randomId<ConversationId>() })),
    ).toBe('wrong-conversation')
    const other = await keyPackageOf(dora.device, suite)
    const wrong = { ...input, keyPackage: other.bytes, keyPackageSecret: other.secret }
    expect(reasonOf(await joinByWelcome(dora.device, wrong))).toBe('wrong-key-package')
    expect(reasonOf(await joinByWelcome(bob.device, input))).toBe('wrong-key-package')
    const postQuantum = await keyPackageOf(dora.device, 'xwing-256')
    const otherSuite = { ...input, keyPackage: postQuantum.bytes, keyPackageSecret: postQuantum.secret }
    expect(reasonOf(await joinByWelcome(dora.device, otherSuite))).toBe('wrong-suite')
    for (let at = 0; at < welcome.length; at += 101)
      expect((await joinByWelcome(dora.device, { ...input, welcome: flipBit(welcome, at) })).kind).toBe(
        'refused',
      )
    const joined = ok(await joinByWelcome(dora.device, input))
    expect(joined.by.device).toBe(alice.device.device)
  })
})

describe('a GroupInfo', () => {
  it('that is old, of another conversation or suite, or changed is refused', async () => {
    const groupInfo = await makeGroupInfo(states.alice)
    const second = newDevice(bob.vault)
    const { conversation, generation, epoch } = states.alice
    const input = { groupInfo, conversation, generation, nowMs: now }
    expect(reasonOf(await externalJoin(second, { ...input, minEpoch: epoch + 1 }))).toBe('too-old')
    expect(reasonOf(await externalJoin(second, { ...input, generation: 1 }))).toBe('wrong-conversation')
    expect(reasonOf(await externalJoin(second, { ...input, suite: 'xwing-256' }))).toBe('wrong-suite')
    for (let at = 0; at < groupInfo.length; at += 53)
      expect((await externalJoin(second, { ...input, groupInfo: flipBit(groupInfo, at) })).kind).toBe(
        'refused',
      )
    expect((await externalJoin(second, input)).kind).toBe('ok')
  })
})

describe('notices', () => {
  it('of the wrong account, or for another conversation, change nothing', async () => {
    const { conversation, generation, epoch } = states.alice
    const mallory = await newPerson()
    const forged = signLeave(
      { ...mallory.vault, account: bob.vault.account },
      { conversation, generation, epoch, issuedAt: now },
    )
    expect(detailOf(applyNotice(states.alice, forged))).toBe('bad-signature')
    const elsewhere = signLeave(bob.vault, { conversation, generation: 7, epoch, issuedAt: now })
    expect(detailOf(applyNotice(states.alice, elsewhere))).toBe('other-conversation')
    expect(reasonOf(applyNotice(states.alice, Uint8Array.of(1, 2, 3)))).toBe('malformed')
  })

  it('let anybody commit the removal, also before members who never saw them', async () => {
    const { conversation, generation, epoch } = states.alice
    const notice = signLeave(carla.vault, { conversation, generation, epoch, issuedAt: now })
    const bobState = ok(applyNotice(states.bob, notice)).state
    const bundle = ok(await makeCommit(bobState))
    expect(bundle.changes).toMatchObject([{ kind: 'account-removed', left: true }])
    expect(ok(await processCommit(states.alice, { mls: bundle.commit })).changes).toEqual(bundle.changes)
    expect(ok(await processCommit(states.carla, { mls: bundle.commit })).state.status).toBe('removed')
  })
})

describe('a direct conversation', () => {
  it('takes no third account', async () => {
    const { state, joiners } = await add(await newDirect(alice, bob, suite), [], [bob.device])
    const { bytes } = await keyPackageOf(carla.device, suite)
    expect(detailOf(await makeCommit(state, { adds: [bytes] }))).toBe('third-party')
    const bobState = joiners[0] ?? state
    expect(detailOf(await processCommit(bobState, { mls: await forgeCommit(state, bytes) }))).toBe(
      'third-party',
    )
  })
})

/** A correctly signed commit that adds this key package, made without asking the policy. */
async function forgeCommit(state: GroupState, keyPackage: Uint8Array): Promise<Uint8Array> {
  const { createCommit, decodeMlsMessage } = await import('ts-mls')
  const message = decodeMlsMessage(keyPackage, 0)?.[0]
  if (message?.wireformat !== 'mls_key_package') throw new Error('not a key package')
  const anything = { validateCredential: () => Promise.resolve(true) }
  const lax = { ...state.mls, clientConfig: { ...state.mls.clientConfig, authService: anything } }
  const extraProposals = [{ proposalType: 'add', add: { keyPackage: message.keyPackage } } as const]
  const cipherSuite = await mlsSuite(state.suite)
  const { commit } = await createCommit(
    { state: lax, cipherSuite },
    { wireAsPublicMessage: true, extraProposals },
  )
  return encodeMlsMessage(commit)
}

async function keyPackageWith(device: Device, own: typeof capabilities) {
  const credential = { credentialType: 'basic', identity: device.certificate } as const
  const keyPair = { signKey: device.secret.reveal(), publicKey: device.deviceKey }
  const lifetime = { notBefore: 0n, notAfter: BigInt(Math.floor(now / 1000) + 3600) }
  const kept = { notBefore: lifetime.notAfter - 7200n, notAfter: lifetime.notAfter }
  const { publicPackage } = await generateKeyPackageWithKey(
    credential,
    own,
    kept,
    [],
    keyPair,
    await mlsSuite(suite),
  )
  return encodeKeyPackage(publicPackage)
}

/** R = A, S = 0: what lenient verifiers accept for some messages under a key of small order. */
function weakSignature(key: Uint8Array) {
  const signature = new Uint8Array(64)
  signature.set(key)
  return signature
}

async function sealUnder(messageKey: Bytes, content: readonly number[]): Promise<Bytes> {
  const padded = new Uint8Array(256 - 16)
  padded.set([0, 0, 0, content.length, ...content])
  const label = encodeText(labels.body)
  return encryptAes(await importAesKey(messageKey), new Uint8Array(12), label, padded)
}
