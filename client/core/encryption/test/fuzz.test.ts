/**
 * Random operations, from a seed that is printed: adds, removes, both in one commit, empty commits, admins, notices,
 * external joins, resyncs, messages, save and reload. After each, all members export the same secret, and the roster that a
 * server derives from the commits' bytes alone is the library's tree. `FUZZ_SEED` and `FUZZ_STEPS` repeat and prolong it.
 */
import { describe, expect, it } from 'vitest'
import { mlsExporter } from 'ts-mls'
import {
  applyNotice as applyToRoster,
  decodeCommit,
  decodeNotice,
  judgeCommit,
  noticeNames,
  sameRoster,
  type Roster,
} from '@brieftaube/group-policy'
import { encodeHex, encodeText, type AccountId, type Bytes } from '@brieftaube/protocol'
import {
  accountsOf,
  adoptCommit,
  applyNotice,
  decodePending,
  decodeState,
  effectiveAdmins,
  encodePending,
  encodeState,
  externalJoin,
  findDevice,
  joinByWelcome,
  makeCommit,
  makeGroupInfo,
  openMessage,
  processCommit,
  sealMessage,
  seatedLeaves,
  signLeave,
  signRevocation,
  wipe,
  type CommitBundle,
  type CommitPlan,
  type Device,
  type GroupState,
  type Suite,
} from '../src/index.ts'
import { readMlsState } from '../src/group-state.ts'
import { mlsSuite } from '../src/mls-suite.ts'
import { newGroup } from './groups.ts'
import {
  entryOf,
  keyPackageOf,
  newDevice,
  newPerson,
  nothingSeen,
  now,
  ok,
  reasonOf,
  suitesUnderTest,
  type Person,
} from './people.ts'
import { seededRandom, type Random } from './seeded.ts'

interface Seat {
  readonly person: Person
  readonly device: Device
}

interface Member extends Seat {
  state: GroupState
}

interface World {
  readonly suite: Suite
  readonly random: Random
  readonly seats: readonly Seat[]
  members: Member[]
  /** All that the server knows, from bytes alone. */
  server: { roster: Roster; epoch: number; groupInfo: Bytes }
  counter: number
  done: Map<string, number>
}

const steps = Number(process.env['FUZZ_STEPS'] ?? 40)
const seed = process.env['FUZZ_SEED'] ?? String(Math.floor(Math.random() * 1e9))

describe.each(suitesUnderTest)('random operations in %s', (suite) => {
  it(
    `keep all members in one state (seed ${seed}, ${String(steps)} steps)`,
    { timeout: 600_000 },
    async () => {
      const world = await newWorld(suite, seededRandom(`${suite} ${seed}`))
      for (let step = 0; step < steps; step++) {
        const operation = world.random.pick(operations) ?? write
        if (await operation(world)) world.done.set(operation.name, (world.done.get(operation.name) ?? 0) + 1)
        await checkAgreement(world, `step ${String(step)}, ${operation.name}`)
      }
      expect(world.done.size).toBeGreaterThan(3)
    },
  )
})

async function newWorld(suite: Suite, random: Random): Promise<World> {
  const people = await Promise.all(Array.from({ length: 6 }, newPerson))
  const seats = people.flatMap((person) => [
    { person, device: person.device },
    { person, device: newDevice(person.vault) },
  ])
  const [founder] = seats
  if (founder === undefined) throw new Error('nobody')
  const state = await newGroup(founder.device, suite)
  const server = { roster: state.roster, epoch: 0, groupInfo: await makeGroupInfo(state) }
  return { suite, random, seats, members: [{ ...founder, state }], server, counter: 1, done: new Map() }
}

type Operation = (world: World) => Promise<boolean>
const operations: readonly Operation[] = [
  commitRandomly,
  commitRandomly,
  commitRandomly,
  joinOutside,
  resync,
  write,
  write,
  reload,
  leave,
  revoke,
]

async function commitRandomly(world: World): Promise<boolean> {
  const { random, server } = world
  const committer = random.pick(unnamed(world))
  if (committer === undefined) return false
  const own = committer.person.vault.account
  const isAdmin = effectiveAdmins(server.roster).includes(own)
  const mayTouch = (account: AccountId) => isAdmin || account === own
  const joining = random
    .sample(absent(world), random.below(4))
    .filter((seat) => mayTouch(seat.person.vault.account))
  const removing = random
    .sample(seatedLeaves(server.roster), random.below(3))
    .filter((leaf) => leaf.index !== committer.state.ownLeaf && mayTouch(leaf.account))
  const packages = await Promise.all(joining.map(({ device }) => keyPackageOf(device, world.suite)))
  const plan = { adds: packages.map(({ bytes }) => bytes), removes: removing.map((leaf) => leaf.index) }
  const bundle = ok(await makeCommit(committer.state, withAdmins(world, plan, isAdmin)))
  await adopt(world, committer, bundle)
  for (const [index, seat] of joining.entries()) {
    const keyPackage = packages[index]
    if (keyPackage === undefined || bundle.welcome === undefined) throw new Error('a Welcome is missing')
    const { conversation, generation, epoch } = committer.state
    const { bytes, secret } = keyPackage
    const input = {
      welcome: bundle.welcome,
      keyPackage: bytes,
      keyPackageSecret: secret,
      conversation,
      generation,
      epoch,
    }
    const joined = ok(await joinByWelcome(seat.device, input))
    expect(joined.by.device).toBe(committer.device.device)
    world.members.push({ ...seat, state: joined.state })
  }
  return true
}

/** The committer may be closed and opened again while the server decides. */
async function adopt(world: World, committer: Member, bundle: CommitBundle): Promise<void> {
  const reopen = world.random.chance(0.5)
  const pending = reopen ? ok(decodePending(encodePending(bundle.pending))).pending : bundle.pending
  await deliver(world, committer, bundle.commit)
  const adopted = ok(adoptCommit(committer.state, pending))
  committer.state = adopted.state
  wipe(adopted.erase)
  world.server.groupInfo = bundle.groupInfo
}

function withAdmins(world: World, plan: CommitPlan, isAdmin: boolean): CommitPlan {
  if (!isAdmin || !world.random.chance(0.2)) return plan
  const { roster } = world.server
  const staying = seatedLeaves(roster).filter((leaf) => {
    const gone =
      plan.removes?.includes(leaf.index) === true ||
      roster.pending.some((notice) => noticeNames(notice, leaf))
    return !gone
  })
  const admins = world.random.sample(staying, 1 + world.random.below(2)).map((leaf) => leaf.account)
  return admins.length === 0 ? plan : { ...plan, admins }
}

async function joinOutside(world: World): Promise<boolean> {
  const accounts = accountsOf(world.server.roster)
  const seat = world.random.pick(
    absent(world).filter(({ person }) => accounts.includes(person.vault.account)),
  )
  if (seat === undefined) return false
  await joinExternally(world, seat)
  return true
}

async function resync(world: World): Promise<boolean> {
  const member = world.random.pick(world.members)
  if (member === undefined || world.members.length < 2) return false
  world.members = world.members.filter((other) => other !== member)
  await joinExternally(world, member)
  return true
}

async function joinExternally(world: World, { person, device }: Seat): Promise<void> {
  const { groupInfo } = world.server
  const { conversation, generation } = world.members[0]?.state ?? never()
  const joined = ok(await externalJoin(device, { groupInfo, conversation, generation, nowMs: now }))
  await deliver(world, undefined, joined.commit)
  world.server.groupInfo = joined.groupInfo
  world.members.push({ person, device, state: joined.state })
}

/** The server's judgement first, then everybody else follows; whoever was removed is gone. */
async function deliver(world: World, committer: Member | undefined, commit: Bytes): Promise<void> {
  const summary = decodeCommit(commit)
  const judgement = judgeCommit(world.server.roster, summary)
  if (judgement.kind === 'refused') throw new Error(`the server refuses: ${judgement.reason}`)
  world.server.roster = judgement.roster
  world.server.epoch = summary.epoch + 1
  for (const member of world.members) {
    if (member === committer) continue
    const { state, by, erase } = ok(await processCommit(member.state, { mls: commit }))
    expect(by.device).toBe(judgement.committer.device)
    member.state = state
    wipe(erase)
  }
  const removed = world.members.filter(({ state }) => state.status === 'removed')
  for (const member of removed) expect(findDevice(world.server.roster, member.device.device)).toBeUndefined()
  world.members = world.members.filter(({ state }) => state.status === 'active')
}

async function write(world: World): Promise<boolean> {
  const author = world.random.pick(world.members)
  if (author === undefined) return false
  const content = encodeText(`message ${String(world.counter)} ${'x'.repeat(world.random.below(600))}`)
  const clientId = { device: author.device.device, counter: world.counter++ }
  const sealed = ok(await sealMessage(author.state, { content, clientId, lastSeen: nothingSeen }))
  author.state = sealed.state
  wipe(sealed.erase)
  const entry = entryOf(author.state, author.device, clientId.counter, sealed)
  for (const member of world.members) {
    if (member === author || world.random.chance(0.2)) continue
    const opened = ok(await openMessage(member.state, entry))
    expect(opened.content).toEqual(content)
    expect(opened.sender.account).toBe(author.person.vault.account)
    member.state = opened.state
    wipe(opened.erase)
    expect(reasonOf(await openMessage(member.state, entry))).toBe('replayed')
  }
  return true
}

async function reload(world: World): Promise<boolean> {
  for (const member of world.random.sample(world.members, 3))
    member.state = ok(decodeState(encodeState(member.state))).state
  return Promise.resolve(true)
}

async function leave(world: World): Promise<boolean> {
  const member = world.random.pick(unnamed(world))
  const { conversation, generation, epoch } = world.members[0]?.state ?? never()
  const others = unnamed(world).filter((other) => other.person !== member?.person)
  if (member === undefined || others.length < 2) return Promise.resolve(false)
  return postNotice(world, signLeave(member.person.vault, { conversation, generation, epoch, issuedAt: now }))
}

async function revoke(world: World): Promise<boolean> {
  const member = world.random.pick(unnamed(world))
  const others = unnamed(world).filter((other) => other !== member)
  if (member === undefined || others.length < 2 || !world.random.chance(0.4)) return Promise.resolve(false)
  return postNotice(
    world,
    signRevocation(member.person.vault, { device: member.device.device, issuedAt: now }),
  )
}

function postNotice(world: World, bytes: Bytes): Promise<boolean> {
  const { conversation, generation } = world.members[0]?.state ?? never()
  const where = { groupId: { conversation, generation }, epoch: world.server.epoch }
  const applied = applyToRoster(world.server.roster, decodeNotice(bytes), where)
  if (applied.kind !== 'applied') throw new Error(applied.reason)
  world.server.roster = applied.roster
  for (const member of world.members) member.state = ok(applyNotice(member.state, bytes)).state
  return Promise.resolve(true)
}

/** Members that no pending notice names: the others can no longer commit. */
function unnamed(world: World): Member[] {
  return world.members.filter(({ state, device }) => {
    const leaf = findDevice(state.roster, device.device)
    return leaf !== undefined && !world.server.roster.pending.some((notice) => noticeNames(notice, leaf))
  })
}

/** Devices that may come (back) in. */
function absent(world: World): Seat[] {
  const { roster } = world.server
  return world.seats.filter(({ person, device }) => {
    const barred = roster.barred.includes(device.device)
    const leaving = roster.pending.some((notice) => notice.account === person.vault.account)
    return !barred && !leaving && findDevice(roster, device.device) === undefined
  })
}

async function checkAgreement(world: World, when: string): Promise<void> {
  const suite = await mlsSuite(world.suite)
  const secrets = new Set<string>()
  for (const { state } of world.members) {
    const secret = await mlsExporter(
      state.mls.keySchedule.exporterSecret,
      'check',
      new Uint8Array(0),
      32,
      suite,
    )
    secrets.add(encodeHex(secret))
    expect(sameRoster(readMlsState(state.mls).roster, world.server.roster), when).toBe(true)
    expect(state.epoch, when).toBe(world.server.epoch)
  }
  expect(secrets.size, when).toBe(1)
  expect(world.members.length, when).toBe(seatedLeaves(world.server.roster).length)
}

function never(): never {
  throw new Error('a group is never empty')
}
