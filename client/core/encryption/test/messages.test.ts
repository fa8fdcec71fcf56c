import { describe, expect, it } from 'vitest'
import { limits } from '@brieftaube/protocol'
import {
  adoptCommit,
  contentMaxBytes,
  decodeState,
  decodeStateParts,
  encodeState,
  encodeStateParts,
  ephemeralPayloadMaxBytes,
  epochCode,
  makeCommit,
  openEphemeral,
  openMessage,
  randomBytes,
  sealEphemeral,
  sealMessage,
  type GroupState,
} from '../src/index.ts'
import { bodyBytes } from '../src/body.ts'
import { follow, threeInAGroup } from './groups.ts'
import { entryOf, flipBit, nothingSeen, now, ok, reasonOf, suitesUnderTest } from './people.ts'

describe.each(suitesUnderTest)('messages in %s', (suite) => {
  it('arrive with their sender, their content and what the sender had seen', async () => {
    const { alice, states } = await threeInAGroup(suite)
    const lastSeen = { generation: 0, seq: 12, head: randomBytes(32) }
    const clientId = { device: alice.device.device, counter: 3 }
    const sealed = ok(await sealMessage(states.alice, { content: randomBytes(100), clientId, lastSeen }))
    const entry = entryOf(states.alice, alice.device, 3, sealed)
    for (const state of [states.bob, states.carla]) {
      const opened = ok(await openMessage(state, entry))
      expect(opened.sender).toEqual({ leaf: 0, account: alice.vault.account, device: alice.device.device })
      expect(opened.opened).toEqual({ ...sealed.opened, lastSeen })
    }
  })

  it('have a frame of one size and bodies of few sizes, whatever they say', async () => {
    const { alice, states } = await threeInAGroup(suite)
    let state = states.alice
    const frames = new Set<number>()
    for (const [counter, size] of [0, 1, 236, 237, 492, 493, 5000, contentMaxBytes].entries()) {
      const clientId = { device: alice.device.device, counter }
      const lastSeen = { generation: counter, seq: counter ** 9, head: randomBytes(32) }
      const sealed = ok(await sealMessage(state, { content: randomBytes(size), clientId, lastSeen }))
      frames.add(sealed.mls.length)
      expect(sealed.body.length).toBe(bodyBytes(size))
      expect(Number.isInteger(Math.log2(sealed.body.length / limits.bodyBucketBytes))).toBe(true)
      state = sealed.state
    }
    expect([...frames]).toEqual([299])
    expect(bodyBytes(contentMaxBytes)).toBe(limits.bodyMaxBytes)
    const clientId = { device: alice.device.device, counter: 99 }
    const tooLarge = { content: new Uint8Array(contentMaxBytes + 1), clientId, lastSeen: nothingSeen }
    expect(reasonOf(await sealMessage(state, tooLarge))).toBe('too-large')
  })

  it('open in any order within an epoch, also by states that were stored in between', async () => {
    const { alice, states } = await threeInAGroup(suite)
    let sender = states.alice
    const entries = []
    for (let counter = 0; counter < 8; counter++) {
      const clientId = { device: alice.device.device, counter }
      const sealed = ok(
        await sealMessage(sender, { content: Uint8Array.of(counter), clientId, lastSeen: nothingSeen }),
      )
      entries.push(entryOf(sender, alice.device, counter, sealed))
      sender = ok(decodeState(encodeState(sealed.state))).state
    }
    let receiver = states.bob
    for (const at of [3, 0, 7, 1, 2, 6, 5, 4]) {
      const entry = entries[at]
      if (entry === undefined) throw new Error('no such entry')
      const opened = ok(await openMessage(receiver, entry))
      expect(opened.content).toEqual(Uint8Array.of(at))
      receiver = ok(decodeState(encodeState(opened.state))).state
    }
  })

  it('of devices that commit at the same time: one commit wins, the others follow it and build theirs again', async () => {
    const { states } = await threeInAGroup(suite)
    const winner = ok(await makeCommit(states.bob))
    const loser = ok(await makeCommit(states.carla))
    const [aliceState, carlaState] = await follow([states.alice, states.carla], winner.commit)
    if (aliceState === undefined || carlaState === undefined) throw new Error('both follow')
    expect(reasonOf(adoptCommit(carlaState, loser.pending))).toBe('wrong-epoch')
    const again = ok(await makeCommit(carlaState))
    const bobState = ok(adoptCommit(states.bob, winner.pending)).state
    const [bobNext, aliceNext] = await follow([bobState, aliceState], again.commit)
    const codes = [bobNext, aliceNext, ok(adoptCommit(carlaState, again.pending)).state].map(
      (state) => state && epochCode(state),
    )
    expect(new Set(codes).size).toBe(1)
    expect(codes[0]).toMatch(/^\d{20}$/)
  })
})

describe('a stored state', () => {
  it('is in two parts, of which a message changes the small one only', async () => {
    const { alice, states } = await threeInAGroup('xwing-256')
    const clientId = { device: alice.device.device, counter: 1 }
    const before = encodeStateParts(states.alice)
    const sealed = ok(
      await sealMessage(states.alice, { content: randomBytes(9), clientId, lastSeen: nothingSeen }),
    )
    const after = encodeStateParts(sealed.state)
    expect(after.epochPart).toBe(before.epochPart)
    expect(after.ratchetPart).not.toEqual(before.ratchetPart)
    expect(after.ratchetPart.length).toBeLessThan(after.epochPart.length / 10)
    const reopened = ok(decodeStateParts(after)).state
    const next = ok(
      await sealMessage(reopened, {
        content: randomBytes(9),
        clientId: { ...clientId, counter: 2 },
        lastSeen: nothingSeen,
      }),
    )
    const entries = [entryOf(states.alice, alice.device, 1, sealed), entryOf(reopened, alice.device, 2, next)]
    let bobState = states.bob
    for (const entry of entries) bobState = ok(await openMessage(bobState, entry)).state
  })

  it('refuses parts of different epochs, and anything damaged', async () => {
    const { states } = await threeInAGroup('x25519-128')
    const parts = encodeStateParts(states.alice)
    const bundle = ok(await makeCommit(states.alice))
    const later = encodeStateParts(ok(adoptCommit(states.alice, bundle.pending)).state)
    expect(reasonOf(decodeStateParts({ ...later, ratchetPart: parts.ratchetPart }))).toBe('wrong-epoch')
    expect(reasonOf(decodeStateParts({ ...parts, ratchetPart: later.ratchetPart }))).toBe('wrong-epoch')
    expect(reasonOf(decodeState(encodeState(states.alice).subarray(0, 500)))).toBe('malformed')
    expect(reasonOf(decodeState(Uint8Array.of(9)))).toBe('malformed')
  })
})

describe('ephemeral messages', () => {
  it('open for members of the epoch with their sender, and hide their length', async () => {
    const { bob, states } = await threeInAGroup('x25519-128')
    const { bytes } = ok(await sealEphemeral(states.bob, Uint8Array.of(1), now))
    const opened = ok(await openEphemeral(states.alice, bytes))
    expect(opened).toMatchObject({
      payload: Uint8Array.of(1),
      sentAtMs: now,
      sender: { device: bob.device.device },
    })
    const longer = ok(await sealEphemeral(states.bob, new Uint8Array(30), now))
    expect(longer.bytes.length).toBe(bytes.length)
    const largest = ok(await sealEphemeral(states.bob, new Uint8Array(ephemeralPayloadMaxBytes), now))
    expect(largest.bytes.length).toBeLessThanOrEqual(limits.ephemeralMaxBytes)
    expect(reasonOf(await sealEphemeral(states.bob, new Uint8Array(ephemeralPayloadMaxBytes + 1), now))).toBe(
      'too-large',
    )
  })

  it('are refused in another epoch, another group, or changed', async () => {
    const { states } = await threeInAGroup('x25519-128')
    const { bytes } = ok(await sealEphemeral(states.bob, Uint8Array.of(1), now))
    for (let at = 0; at < bytes.length; at++)
      expect((await openEphemeral(states.alice, flipBit(bytes, at))).kind).toBe('refused')
    const bundle = ok(await makeCommit(states.alice))
    expect(reasonOf(await openEphemeral(ok(adoptCommit(states.alice, bundle.pending)).state, bytes))).toBe(
      'wrong-epoch',
    )
    const other = (await threeInAGroup('x25519-128')).states
    expect(reasonOf(await openEphemeral(other.alice, bytes))).toBe('not-authentic')
  })

  it('cannot be attributed to another member, though all have the key', async () => {
    const { states } = await threeInAGroup('x25519-128')
    const asAlice: GroupState = { ...states.bob, ownLeaf: states.alice.ownLeaf }
    const { bytes } = ok(await sealEphemeral(asAlice, Uint8Array.of(1), now))
    expect(reasonOf(await openEphemeral(states.carla, bytes))).toBe('not-authentic')
  })
})
