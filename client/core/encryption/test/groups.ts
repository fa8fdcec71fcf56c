/** Small groups to start a test from. */
import type { ConversationId } from '@brieftaube/protocol'
import {
  adoptCommit,
  createGroup,
  joinByWelcome,
  makeCommit,
  processCommit,
  randomId,
  type Device,
  type GroupState,
  type Suite,
} from '../src/index.ts'
import { keyPackageOf, newPerson, now, ok, type Person } from './people.ts'

export function newGroup(device: Device, suite: Suite): Promise<GroupState> {
  const conversation = randomId<ConversationId>()
  return createGroup(device, { conversation, generation: 0, suite, nowMs: now, members: { kind: 'group' } })
}

export function newDirect(alice: Person, bob: Person, suite: Suite): Promise<GroupState> {
  const conversation = randomId<ConversationId>()
  const members = { kind: 'direct', peer: bob.vault.account } as const
  return createGroup(alice.device, { conversation, generation: 0, suite, nowMs: now, members })
}

/** Adds devices with one commit, follows it in `others`; returns the states of committer, others and joiners. */
export async function add(committer: GroupState, others: readonly GroupState[], devices: readonly Device[]) {
  const packages = await Promise.all(devices.map((device) => keyPackageOf(device, committer.suite)))
  const bundle = ok(await makeCommit(committer, { adds: packages.map(({ bytes }) => bytes) }))
  const state = ok(adoptCommit(committer, bundle.pending)).state
  const followers = await follow(others, bundle.commit)
  const { welcome, commit } = bundle
  if (welcome === undefined) throw new Error('a commit that adds has a Welcome')
  const joiners: GroupState[] = []
  for (const [index, device] of devices.entries()) {
    const keyPackage = packages[index]
    if (keyPackage === undefined) throw new Error('one key package per device')
    const { conversation, generation } = committer
    const { bytes, secret } = keyPackage
    const input = {
      welcome,
      keyPackage: bytes,
      keyPackageSecret: secret,
      conversation,
      generation,
      epoch: state.epoch,
    }
    joiners.push(ok(await joinByWelcome(device, input)).state)
  }
  return { state, followers, joiners, commit, bundle }
}

export async function follow(states: readonly GroupState[], commit: Uint8Array): Promise<GroupState[]> {
  const followed: GroupState[] = []
  for (const state of states) followed.push(ok(await processCommit(state, { mls: commit })).state)
  return followed
}

/** Alice (admin), bob and carla with one device each. */
export async function threeInAGroup(suite: Suite) {
  const [alice, bob, carla] = [await newPerson(), await newPerson(), await newPerson()]
  const start = await newGroup(alice.device, suite)
  const { state, joiners } = await add(start, [], [bob.device, carla.device])
  const [bobState, carlaState] = joiners
  if (bobState === undefined || carlaState === undefined) throw new Error('both join')
  return { alice, bob, carla, states: { alice: state, bob: bobState, carla: carlaState } }
}
