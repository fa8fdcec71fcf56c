/**
 * Six people, two of them on two devices, write, add, remove, are cut off and lose their tab at random while the services
 * are killed mid-write; at the end the history checker looks at everything that every screen has shown. BRIEFTAUBE_SEED
 * repeats a run's choices, BRIEFTAUBE_RANDOM_SECONDS makes it longer.
 */
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { MessageView } from '@brieftaube/contract'
import type { ConversationId } from '@brieftaube/protocol'
import {
  befriend,
  checkHistory,
  createRandom,
  has,
  KilledError,
  logInElsewhere,
  seedOfRun,
  signUp,
  startFaultProxy,
  startKillableServices,
  type FaultProxy,
  type KillableServices,
  type Observer,
  type Person,
  type Sent,
} from '@brieftaube/testkit'

const seconds = Number(process.env['BRIEFTAUBE_RANDOM_SECONDS'] ?? 60)
const seed = seedOfRun()
const random = createRandom(seed)
const names = ['alice', 'bob', 'carla', 'dora', 'emil', 'frida']

let services: KillableServices
const proxies: FaultProxy[] = []
const people: Person[] = []
const conversations: ConversationId[] = []
const sent = new Map<ConversationId, Sent[]>()
const logs: string[] = []
/** What each person's present tab answers to every step of its storage. */
const tabs = new Map<Person, Tab>()

interface Tab {
  readonly crashPoint: () => void
  /** From now on it stores nothing. */
  kill(): void
}

function openTab(): Tab {
  let killed = false
  return {
    crashPoint: () => {
      if (killed) throw new KilledError('this tab was killed')
    },
    kill: () => (killed = true),
  }
}

beforeAll(async () => {
  services = await startKillableServices()
  for (let index = 0; index < 3; index++) proxies.push(await startFaultProxy(services.port))
  for (const [index, name] of names.entries()) {
    const baseUrl = proxies[index % proxies.length]?.url ?? services.url
    const log = (event: string, fields?: object) =>
      logs.push(`${name} ${event} ${JSON.stringify(fields ?? {})}`)
    const tab = openTab()
    const person = await signUp(name, { baseUrl, log, crashPoint: tab.crashPoint })
    people.push(person)
    tabs.set(person, tab)
  }
  const [alice, bob, ...others] = people
  if (alice === undefined || bob === undefined) throw new Error('six people')
  for (const other of [bob, ...others]) await befriend(alice, other)
  for (const other of others) await befriend(bob, other)
  const members = [bob, ...others].map(({ account }) => account)
  for (const [by, title] of [
    [alice, 'Erste'],
    [bob, 'Zweite'],
  ] as const) {
    const all = [alice.account, ...members].filter((account) => account !== by.account)
    const { conversation } = await by.call('createGroup', { title, members: all })
    conversations.push(conversation)
    sent.set(conversation, [])
    for (const person of people) await has(person, conversation)
  }
  for (const person of [alice, bob]) {
    const log = (event: string, fields?: object) =>
      logs.push(`${person.name}-elsewhere ${event} ${JSON.stringify(fields ?? {})}`)
    const tab = openTab()
    const baseUrl = proxies[2]?.url ?? services.url
    const elsewhere = await logInElsewhere(person, { baseUrl, log, crashPoint: tab.crashPoint })
    for (const conversation of conversations) await has(elsewhere, conversation)
    people.push(elsewhere)
    tabs.set(elsewhere, tab)
  }
}, 180_000)

afterAll(async () => {
  for (const person of people) await person.stop()
  for (const proxy of proxies) await proxy[Symbol.asyncDispose]()
  await services[Symbol.asyncDispose]()
})

test(
  `everything that was acknowledged is on every screen, once and in order (seed ${String(seed)})`,
  {
    timeout: (seconds + 180) * 1000,
  },
  async () => {
    const snapshots = new Map<string, (readonly MessageView[])[]>()
    const end = Date.now() + seconds * 1000
    const acts: Promise<unknown>[] = []
    let nextKill = Date.now() + 3000
    while (Date.now() < end) {
      acts.push(act().catch(() => undefined))
      if (Date.now() > nextKill) {
        await services.kill()
        await wait(random.below(500))
        await services.start()
        nextKill = Date.now() + 4000 + random.below(3000)
        await keepSnapshots(snapshots)
      }
      await wait(10 + random.below(40))
    }
    for (const proxy of proxies) {
      proxy.latencyMs = 0
      proxy.accept()
    }
    await Promise.race([Promise.all(acts), wait(15_000)])
    const healed = Date.now()
    for (const person of people) await person.call('reconnect', {}).catch(() => undefined)
    let problems = ['not looked yet']
    while (problems.length > 0 && Date.now() - healed < 60_000) {
      await wait(500)
      problems = await findProblems(snapshots)
    }
    const total = [...sent.values()].reduce((sum, list) => sum + list.length, 0)
    console.log(
      `seed ${String(seed)}: ${String(total)} messages, equal ${String(Date.now() - healed)} ms after healing`,
    )
    const telling = logs.filter((line) => !line.includes('OfflineError'))
    if (problems.length > 0) console.log(telling.slice(-300).join('\n'))
    expect(problems).toEqual([])
    expect(total).toBeGreaterThan(50)
  },
)

let count = 0

async function act(): Promise<void> {
  const person = random.pick(people)
  const conversation = random.pick(conversations)
  const other = random.pick(people)
  const proxy = random.pick(proxies)
  const dice = random.next()
  if (dice < 0.8) return send(person, conversation)
  if (dice < 0.85) return person.call('addMembers', { conversation, members: [other.account] }).then(nothing)
  if (dice < 0.88) return person.call('removeMember', { conversation, account: other.account }).then(nothing)
  if (dice < 0.9)
    return person.call('setAdmin', { conversation, account: other.account, admin: true }).then(nothing)
  if (dice < 0.92)
    return person.call('renameGroup', { conversation, title: `Titel ${String(count++)}` }).then(nothing)
  if (dice < 0.95) return proxy.cut()
  if (dice < 0.97) {
    proxy.refuse()
    proxy.cut()
    await wait(random.below(1500))
    return proxy.accept()
  }
  if (dice < 0.985) {
    proxy.latencyMs = random.below(80)
    return undefined
  }
  if (dice < 0.99) {
    proxy.freeze()
    await wait(random.below(1500))
    return proxy.cut()
  }
  return dice < 0.995 ? person.restart() : crash(person)
}

async function crash(person: Person): Promise<void> {
  tabs.get(person)?.kill()
  const next = openTab()
  tabs.set(person, next)
  await person.restart({ crashPoint: next.crashPoint })
}

function nothing(): void {
  return undefined
}

async function send(person: Person, conversation: ConversationId): Promise<void> {
  const text = `${person.name} ${String(count++)}`
  const message = { text, author: person.account, acknowledged: false }
  sent.get(conversation)?.push(message)
  await person.send(conversation, text)
}

function wait(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms))
}

async function keepSnapshots(snapshots: Map<string, (readonly MessageView[])[]>): Promise<void> {
  for (const person of people)
    for (const conversation of conversations) {
      const key = `${person.name}:${conversation}`
      const state = await person.until('messages', { conversation }, () => true, 1000).catch(() => undefined)
      if (state !== undefined) snapshots.set(key, [...(snapshots.get(key) ?? []), state.messages])
    }
}

async function findProblems(snapshots: ReadonlyMap<string, (readonly MessageView[])[]>): Promise<string[]> {
  const problems: string[] = []
  for (const conversation of conversations) {
    const observers: Observer[] = []
    for (const person of people) {
      const messages = await everything(person, conversation).catch((thrown: unknown) => {
        problems.push(`${person.name} shows nothing: ${String(thrown)}`)
        return []
      })
      const waiting = messages.filter((each) => each.kind === 'text' && each.state === 'waiting').length
      const kept = snapshots.get(`${person.name}:${conversation}`) ?? []
      observers.push({ name: person.name, account: person.account, messages, snapshots: kept, waiting })
    }
    const list = sent.get(conversation) ?? []
    for (const message of list) message.acknowledged = observers.some((each) => showsAsSent(each, message))
    problems.push(...checkHistory(list, observers))
  }
  return problems
}

/** The author's own screen says that the server has it. */
function showsAsSent({ account, messages }: Observer, { text, author }: Sent): boolean {
  return (
    account === author &&
    messages.some((each) => each.kind === 'text' && each.text === text && each.seq !== undefined)
  )
}

async function everything(person: Person, conversation: ConversationId): Promise<readonly MessageView[]> {
  let latest: readonly MessageView[] = []
  const stop = person.core.watch('messages', { conversation }, ({ messages }) => {
    latest = messages
  })
  for (let more = true; more;) more = (await person.call('loadOlder', { conversation, beforeSeq: 0 })).more
  await wait(60)
  stop()
  return latest
}
