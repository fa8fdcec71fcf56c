import { describe, expect, it } from 'vitest'
import { idFromBytes, limits, type DeviceId } from '@brieftaube/protocol'
import {
  applyNotice,
  effectiveAdmins,
  judgeCommit,
  outstandingRemovals,
  rulesOf,
  sortIds,
  type CommitSummary,
  type Leaf,
  type Roster,
} from '../src/index.ts'
import {
  addOf,
  externalCommit,
  groupId,
  leaveNotice,
  memberCommit,
  newAccount,
  newLeaf,
  revocation,
  rosterOf,
  signNotice,
} from './people.ts'

const [alice, bob, carla, dora] = [newAccount(), newAccount(), newAccount(), newAccount()]
const [alicePhone, aliceDesk, bobPhone, carlaPhone] = [
  newLeaf(alice),
  newLeaf(alice),
  newLeaf(bob),
  newLeaf(carla),
]
/** Alice is admin with two devices, bob and carla are members. */
const group = rosterOf([alicePhone, bobPhone, carlaPhone, aliceDesk], { admins: [alice.account] })
const direct = rosterOf([alicePhone, bobPhone], {
  kind: 'direct',
  admins: sortIds([alice.account, bob.account]),
})

function reason(roster: Roster, commit: CommitSummary): string {
  const judgement = judgeCommit(roster, commit)
  return judgement.kind === 'refused' ? judgement.reason : 'accepted'
}

function accept(roster: Roster, commit: CommitSummary) {
  const judgement = judgeCommit(roster, commit)
  if (judgement.kind === 'refused') throw new Error(judgement.reason)
  return judgement
}

describe('what an admin may do', () => {
  it('adds and removes anybody; an Add takes the leftmost blank leaf, after the Removes', () => {
    const doraPhone = newLeaf(dora)
    const { roster, changes } = accept(
      group,
      memberCommit(group, 0, { removes: [1], adds: [addOf(doraPhone)] }),
    )
    expect(roster.leaves.map((leaf) => leaf?.device)).toEqual(
      [alicePhone, doraPhone, carlaPhone, aliceDesk].map((leaf) => leaf.device),
    )
    const by = { account: alice.account, device: alicePhone.device }
    expect(changes).toEqual([
      { kind: 'account-removed', account: bob.account, by, left: false },
      { kind: 'account-added', account: dora.account, by },
    ])
  })

  it('leaves no blank leaves at the end of the tree', () => {
    const { roster } = accept(group, memberCommit(group, 0, { removes: [2, 3] }))
    expect(roster.leaves).toHaveLength(2)
  })

  it('changes the list of admins', () => {
    const rules = { ...rulesOf(group), admins: sortIds([alice.account, bob.account]) }
    const { roster, changes } = accept(group, memberCommit(group, 3, { rules }))
    expect(effectiveAdmins(roster)).toHaveLength(2)
    expect(changes).toMatchObject([{ kind: 'admins-changed' }])
  })

  it('cannot name an admin without a leaf, an empty list, or another kind of conversation', () => {
    const withDora = { ...rulesOf(group), admins: sortIds([alice.account, dora.account]) }
    expect(reason(group, memberCommit(group, 0, { rules: withDora }))).toBe('admin-without-leaf')
    expect(reason(group, memberCommit(group, 0, { rules: { ...rulesOf(group), admins: [] } }))).toBe(
      'not-allowed-to-change-admins',
    )
    expect(reason(group, memberCommit(group, 0, { rules: { ...rulesOf(group), kind: 'direct' } }))).toBe(
      'kind-changed',
    )
  })

  it('is nobody else: others cannot add, remove or appoint', () => {
    expect(reason(group, memberCommit(group, 1, { adds: [addOf(newLeaf(dora))] }))).toBe('not-allowed-to-add')
    expect(reason(group, memberCommit(group, 1, { adds: [addOf(newLeaf(carla))] }))).toBe(
      'not-allowed-to-add',
    )
    expect(reason(group, memberCommit(group, 1, { removes: [2] }))).toBe('not-allowed-to-remove')
    const rules = { ...rulesOf(group), admins: [bob.account] }
    expect(reason(group, memberCommit(group, 1, { rules }))).toBe('not-allowed-to-change-admins')
  })

  it('falls to the account of the lowest leaf when no admin has one', () => {
    const orphaned = rosterOf([undefined, bobPhone, carlaPhone])
    expect(effectiveAdmins(orphaned)).toEqual([bob.account])
    expect(reason(orphaned, memberCommit(orphaned, 1, { removes: [2] }))).toBe('accepted')
    expect(reason(orphaned, memberCommit(orphaned, 2, { removes: [1] }))).toBe('not-allowed-to-remove')
  })

  it('is lost with the last leaf, so that being added again does not bring it back', () => {
    const two = { ...group, admins: sortIds([alice.account, bob.account]) }
    expect(reason(two, memberCommit(two, 0, { removes: [1] }))).toBe('rules-required')
    const rules = { ...rulesOf(two), admins: [alice.account] }
    const { roster } = accept(two, memberCommit(two, 0, { removes: [1], rules }))
    const again = accept(roster, memberCommit(roster, 0, { adds: [addOf(newLeaf(bob))] }))
    expect(effectiveAdmins(again.roster)).toEqual([alice.account])
  })
})

describe('what anybody may do', () => {
  it('adds and removes devices of the own account', () => {
    const bobDesk = newLeaf(bob)
    const { roster, changes } = accept(group, memberCommit(group, 1, { adds: [addOf(bobDesk)] }))
    expect(changes).toMatchObject([{ kind: 'device-added', account: bob.account, device: bobDesk.device }])
    expect(roster.leaves[4]?.device).toBe(bobDesk.device)
    expect(reason(group, memberCommit(group, 3, { removes: [0] }))).toBe('accepted')
  })

  it('renews its own keys with an empty commit', () => {
    expect(accept(group, memberCommit(group, 2)).changes).toEqual([])
  })

  it('cannot remove itself', () => {
    expect(reason(group, memberCommit(group, 0, { removes: [0] }))).toBe('removes-itself')
  })

  it('cannot come back as somebody else in its own update path', () => {
    const otherDevice: Leaf = { ...bobPhone, device: newLeaf(bob).device }
    const otherKey: Leaf = { ...bobPhone, deviceKey: newLeaf(bob).deviceKey }
    expect(reason(group, memberCommit(group, 1, { pathLeaf: otherDevice }))).toBe('identity-changed')
    expect(reason(group, memberCommit(group, 1, { pathLeaf: otherKey }))).toBe('identity-changed')
    expect(reason(group, memberCommit(group, 1, { pathLeaf: alicePhone }))).toBe('identity-changed')
  })

  it('commits from a leaf that exists', () => {
    expect(reason(group, memberCommit(group, 9))).toBe('unknown-sender')
  })
})

describe('what nobody may do', () => {
  it('adds a device twice, or a second device with the same key', () => {
    expect(reason(group, memberCommit(group, 0, { adds: [addOf(bobPhone)] }))).toBe('device-twice')
    const sameKey: Leaf = { ...newLeaf(bob), deviceKey: bobPhone.deviceKey }
    expect(reason(group, memberCommit(group, 0, { adds: [addOf(sameKey)] }))).toBe('device-key-twice')
  })

  it('adds a device under a second key of the same account', () => {
    const swapped = newLeaf({ ...newAccount(), account: bob.account })
    expect(reason(group, memberCommit(group, 0, { adds: [addOf(swapped)] }))).toBe('second-account-key')
  })

  it('removes a leaf that is blank, or twice', () => {
    expect(reason(group, memberCommit(group, 0, { removes: [7] }))).toBe('unknown-leaf')
    expect(reason(group, memberCommit(group, 0, { removes: [1, 1] }))).toBe('removed-twice')
  })

  it('brings keys of another cipher suite', () => {
    expect(reason(group, memberCommit(group, 0, { adds: [addOf(newLeaf(dora, 'x25519-128'))] }))).toBe(
      'other-suite',
    )
  })

  it('exceeds the limit of leaves', () => {
    const many = Array.from({ length: limits.maxLeaves }, (_, index) => {
      const numbered = (size: number) =>
        Uint8Array.from({ length: size }, (_, at) => (at < 2 ? index >> (8 * at) : 7))
      return { ...alicePhone, device: idFromBytes<DeviceId>(numbered(16)), deviceKey: numbered(32) }
    })
    const full = rosterOf(many, { admins: [alice.account] })
    expect(reason(full, memberCommit(full, 0, { adds: [addOf(newLeaf(bob))] }))).toBe('too-many-leaves')
  })
})

describe('a direct conversation', () => {
  it('takes devices of its two parties from either of them', () => {
    expect(reason(direct, memberCommit(direct, 0, { adds: [addOf(newLeaf(bob))] }))).toBe('accepted')
    expect(reason(direct, memberCommit(direct, 1, { adds: [addOf(newLeaf(bob))] }))).toBe('accepted')
  })

  it('takes no third party, changes no parties, and lets nobody put the other out', () => {
    expect(reason(direct, memberCommit(direct, 0, { adds: [addOf(newLeaf(carla))] }))).toBe('third-party')
    const rules = { ...rulesOf(direct), admins: sortIds([alice.account, carla.account]) }
    expect(reason(direct, memberCommit(direct, 0, { rules }))).toBe('not-allowed-to-change-admins')
    expect(reason(direct, memberCommit(direct, 0, { removes: [1] }))).toBe('not-allowed-to-remove')
  })
})

describe('an external commit', () => {
  it('lets a further device of a member in', () => {
    const bobDesk = newLeaf(bob)
    const { changes, roster } = accept(group, externalCommit(bobDesk))
    expect(changes).toMatchObject([{ kind: 'device-added', device: bobDesk.device }])
    expect(roster.leaves[4]?.device).toBe(bobDesk.device)
  })

  it('lets a device that lost its state come back in its own place, which changes nothing for people', () => {
    const { roster, changes } = accept(group, externalCommit(bobPhone, [1]))
    expect(changes).toEqual([])
    expect(roster.leaves[1]?.device).toBe(bobPhone.device)
  })

  it('lets nobody in whose account has no leaf', () => {
    expect(reason(group, externalCommit(newLeaf(dora)))).toBe('not-seated')
  })

  it('removes nobody but the joining device itself', () => {
    expect(reason(group, externalCommit(newLeaf(alice), [3]))).toBe('foreign-device')
    expect(reason(group, externalCommit(newLeaf(bob), [2]))).toBe('foreign-device')
    expect(reason(group, externalCommit(bobPhone, [9]))).toBe('unknown-leaf')
    expect(reason(group, externalCommit({ ...bobPhone, deviceKey: newLeaf(bob).deviceKey }, [1]))).toBe(
      'foreign-device',
    )
  })

  it('cannot seat a device twice', () => {
    expect(reason(group, externalCommit(bobPhone))).toBe('device-twice')
  })

  it('cannot claim an account under another key', () => {
    expect(reason(group, externalCommit(newLeaf({ ...newAccount(), account: bob.account })))).toBe(
      'second-account-key',
    )
  })
})

describe('a notice', () => {
  const where = { groupId, epoch: 5 }

  it('lets anybody commit the removal of an account that leaves', () => {
    const notice = leaveNotice(carla)
    const applied = applyNotice(group, notice, where)
    if (applied.kind !== 'applied') throw new Error(applied.reason)
    expect(outstandingRemovals(applied.roster)).toEqual([2])
    const { roster, changes } = accept(
      applied.roster,
      memberCommit(group, 1, { removes: [2], evidence: [notice] }),
    )
    expect(changes).toMatchObject([{ kind: 'account-removed', account: carla.account, left: true }])
    expect(roster.pending).toEqual([])
  })

  it('is judged from the commit alone: a member that never saw it decides alike', () => {
    const commit = memberCommit(group, 1, { removes: [2], evidence: [leaveNotice(carla)] })
    expect(reason(group, commit)).toBe('accepted')
    expect(reason(group, { ...commit, evidence: [] })).toBe('not-allowed-to-remove')
  })

  it('must come with everything it names, and must name somebody', () => {
    const notice = leaveNotice(alice)
    expect(reason(group, memberCommit(group, 1, { removes: [0], evidence: [notice] }))).toBe('useless-notice')
    expect(reason(group, memberCommit(group, 1, { evidence: [notice] }))).toBe('useless-notice')
    expect(reason(group, memberCommit(group, 0, { evidence: [leaveNotice(dora)] }))).toBe(
      'notice-not-a-member',
    )
  })

  it('counts only with the signature of the account it names', () => {
    const forged = { ...leaveNotice(carla), signature: leaveNotice(bob).signature }
    expect(applyNotice(group, forged, where)).toEqual({ kind: 'ignored', reason: 'bad-signature' })
    expect(reason(group, memberCommit(group, 1, { removes: [2], evidence: [forged] }))).toBe(
      'notice-bad-signature',
    )
  })

  it('counts only in its conversation and for a while, so that it cannot put somebody out who came back', () => {
    const elsewhere = signNotice(carla, {
      kind: 'leave',
      account: carla.account,
      ...groupId,
      generation: 1,
      epoch: 5,
      issuedAt: 1,
    })
    expect(applyNotice(group, elsewhere, where)).toEqual({ kind: 'ignored', reason: 'other-conversation' })
    expect(applyNotice(group, leaveNotice(carla, 6), where)).toEqual({
      kind: 'ignored',
      reason: 'out-of-date',
    })
    expect(applyNotice(group, leaveNotice(carla, 5), { groupId, epoch: 262 })).toEqual({
      kind: 'ignored',
      reason: 'out-of-date',
    })
  })

  it('of a revoked device bars it for good', () => {
    const evidence = [revocation(bob, bobPhone.device)]
    expect(reason(group, memberCommit(group, 2, { removes: [1], evidence }))).toBe('rules-required')
    const rules = { ...rulesOf(group), barred: [bobPhone.device] }
    const { roster } = accept(group, memberCommit(group, 2, { removes: [1], evidence, rules }))
    expect(reason(roster, memberCommit(roster, 0, { adds: [addOf(bobPhone)] }))).toBe('barred-device')
    const seated = accept(roster, memberCommit(roster, 0, { adds: [addOf(newLeaf(bob))] })).roster
    expect(reason(seated, externalCommit(bobPhone))).toBe('barred-device')
    expect(reason(seated, memberCommit(seated, 0, { rules: { ...rules, barred: [] } }))).toBe(
      'barred-changed',
    )
  })

  it('works in a direct conversation too', () => {
    const bobDesk = newLeaf(bob)
    const three = { ...direct, leaves: [alicePhone, bobPhone, bobDesk] }
    const rules = { ...rulesOf(three), barred: [bobDesk.device] }
    const evidence = [revocation(bob, bobDesk.device)]
    expect(reason(three, memberCommit(three, 0, { removes: [2], evidence, rules }))).toBe('accepted')
  })
})
