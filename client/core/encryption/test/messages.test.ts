import { describe, expect, it } from 'vitest'
import { encodeText } from '@brieftaube/protocol'
import {
  adoptCommit,
  decodeState,
  encodeState,
  externalJoin,
  makeCommit,
  makeGroupInfo,
  openMessage,
  processCommit,
  sealMessage,
} from '../src/index.ts'
import { add, newDirect, newGroup, threeInAGroup } from './groups.ts'
import { entryOf, newDevice, newPerson, nothingSeen, now, ok, suitesUnderTest } from './people.ts'

describe.each(suitesUnderTest)('smoke in %s', (suite) => {
  it('lets alice and bob write', async () => {
    const [alice, bob] = [await newPerson(), await newPerson()]
    const { state, joiners } = await add(await newDirect(alice, bob, suite), [], [bob.device])
    const [bobState] = joiners
    if (!bobState) throw new Error()
    const clientId = { device: alice.device.device, counter: 7 }
    const sealed = ok(
      await sealMessage(state, { content: encodeText('hello'), clientId, lastSeen: nothingSeen }),
    )
    const opened = ok(await openMessage(bobState, entryOf(state, alice.device, 7, sealed)))
    expect(new TextDecoder().decode(opened.content)).toBe('hello')
    expect(opened.sender.account).toBe(alice.vault.account)
    console.log(suite, sealed.mls.length, sealed.body.length, encodeState(opened.state).length)
    const again = ok(decodeState(encodeState(opened.state))).state
    const second = newDevice(bob.vault)
    const joined = ok(
      await externalJoin(second, {
        groupInfo: await makeGroupInfo(again),
        conversation: again.conversation,
        generation: 0,
        nowMs: now,
      }),
    )
    const a2 = ok(await processCommit(state, { mls: joined.commit }))
    expect(a2.changes).toMatchObject([{ kind: 'device-added' }])
    const t = await threeInAGroup(suite)
    const c = ok(await makeCommit(t.states.alice, { removes: [1] }))
    const c2 = ok(await processCommit(t.states.carla, { mls: c.commit }))
    const b2 = ok(await processCommit(t.states.bob, { mls: c.commit }))
    expect(b2.state.status).toBe('removed')
    expect(c2.changes).toMatchObject([{ kind: 'account-removed' }])
    ok(adoptCommit(t.states.alice, c.pending))
    await newGroup(alice.device, suite)
  })
})
