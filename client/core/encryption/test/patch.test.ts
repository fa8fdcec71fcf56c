/** Each of these fails when `patches/ts-mls+1.6.4.patch` was not applied at install. */
import { describe, expect, it } from 'vitest'
import { emptyPskIndex, joinGroupExternal, processPublicMessage, type MlsGroupInfo } from 'ts-mls'
import { decodeMlsMessage } from 'ts-mls'
import { encodeText } from '@brieftaube/protocol'
import {
  adoptCommit,
  makeCommit,
  makeGroupInfo,
  openMessage,
  sealMessage,
  type GroupState,
} from '../src/index.ts'
import { clientConfig } from '../src/client-config.ts'
import { generateKeyPackage } from '../src/key-package.ts'
import { mlsSuite } from '../src/mls-suite.ts'
import { add, follow, newGroup, threeInAGroup } from './groups.ts'
import { entryOf, newDevice, newPerson, nothingSeen, now, ok } from './people.ts'

describe('the library is patched', () => {
  it('so that it names the authenticated sender', async () => {
    const { alice, states } = await threeInAGroup('x25519-128')
    const clientId = { device: alice.device.device, counter: 1 }
    const sealed = ok(
      await sealMessage(states.alice, { content: encodeText('hi'), clientId, lastSeen: nothingSeen }),
    )
    expect(
      ok(await openMessage(states.bob, entryOf(states.alice, alice.device, 1, sealed))).sender.leaf,
    ).toBe(0)
  })

  it('so that members can be added to groups in which some were removed (unmerged leaves)', async () => {
    const alice = await newPerson()
    const devices = Array.from({ length: 7 }, () => newDevice(alice.vault))
    const start = await newGroup(alice.device, 'x25519-128')
    const { state, joiners } = await add(start, [], devices)
    // filled paths, then a removal by each side of the tree, then Adds onto the blank leaves
    let [one, two] = [state, joiners[5] ?? state] as [GroupState, GroupState]
    ;[one, two] = await commitAndFollow(one, two, [])
    ;[two, one] = await commitAndFollow(two, one, [])
    ;[one, two] = await commitAndFollow(one, two, [1, 4])
    const first = await add(one, [two], [newDevice(alice.vault)])
    const second = await add(first.state, first.followers, [newDevice(alice.vault)])
    expect(second.joiners).toHaveLength(1)
  })

  it('so that a commit may change the group’s rules and renew keys at once', async () => {
    const { alice, bob, states } = await threeInAGroup('x25519-128')
    const bundle = ok(await makeCommit(states.alice, { admins: [alice.vault.account, bob.vault.account] }))
    expect(await follow([states.bob, states.carla], bundle.commit)).toHaveLength(2)
  })

  it('so that nobody joins outside with the signature key of a member', async () => {
    const { alice, bob, states } = await threeInAGroup('x25519-128')
    const suite = await mlsSuite('x25519-128')
    const anything = { ...clientConfig, authService: { validateCredential: () => Promise.resolve(true) } }
    const thief = { ...newDevice(alice.vault), deviceKey: bob.device.deviceKey, secret: bob.device.secret }
    const keys = await generateKeyPackage(thief, { suite: 'x25519-128', kind: 'one-time', nowMs: now })
    const message = decodeMlsMessage(await makeGroupInfo(states.alice), 0)?.[0] as MlsGroupInfo
    const { publicPackage, privatePackage } = keys
    const joined = await joinGroupExternal(
      message.groupInfo,
      publicPackage,
      privatePackage,
      false,
      suite,
      undefined,
      anything,
    )
    const lax = { ...states.carla.mls, clientConfig: anything }
    await expect(processPublicMessage(lax, joined.publicMessage, emptyPskIndex, suite)).rejects.toThrow(
      'signature key',
    )
  })
})

async function commitAndFollow(
  by: GroupState,
  other: GroupState,
  removes: number[],
): Promise<[GroupState, GroupState]> {
  const bundle = ok(await makeCommit(by, { removes }))
  const [followed] = await follow([other], bundle.commit)
  return [ok(adoptCommit(by, bundle.pending)).state, followed ?? other]
}
