/**
 * The history checker: what every device showed, against what was sent (the invariants of "Nothing is lost"). Texts are
 * unique in a run, so that a text names its message.
 */
import type { MessageView } from '@brieftaube/contract'
import type { AccountId } from '@brieftaube/protocol'

export interface Sent {
  readonly text: string
  readonly author: AccountId
  /** Whether the sender was told that the server has it. */
  acknowledged: boolean
}

export interface Observer {
  readonly name: string
  readonly account: AccountId
  /** The final view of the conversation. */
  readonly messages: readonly MessageView[]
  /** Earlier views of this device, oldest first. */
  readonly snapshots: readonly (readonly MessageView[])[]
  /** Messages that still wait to be sent. */
  readonly waiting: number
}

/** Every broken invariant in words; empty: the history holds. */
export function checkHistory(sent: readonly Sent[], observers: readonly Observer[]): string[] {
  const bySender = new Map(sent.map((message) => [message.text, message]))
  return [
    ...observers.flatMap((observer) => checkView(observer, bySender)),
    ...checkOneOrder(observers),
    ...checkEntitled(sent, observers),
    ...checkOneNumber(observers),
  ]
}

interface Shown {
  readonly text: string
  readonly author: AccountId
  readonly seq: number
}

function shownBy(messages: readonly MessageView[]): Shown[] {
  return messages.flatMap((message) =>
    message.kind === 'text' && message.seq !== undefined
      ? [{ text: message.text, author: message.author, seq: message.seq }]
      : [],
  )
}

function checkView(observer: Observer, sent: ReadonlyMap<string, Sent>): string[] {
  const { name, messages, snapshots, waiting } = observer
  const problems: string[] = []
  const shown = shownBy(messages)
  const seen = new Set<string>()
  for (const { text, author } of shown) {
    if (seen.has(text)) problems.push(`${name} shows "${text}" twice`)
    seen.add(text)
    const origin = sent.get(text)
    if (origin === undefined) problems.push(`${name} shows "${text}", which nobody sent`)
    else if (origin.author !== author) problems.push(`${name} shows "${text}" under another name`)
  }
  const seqs = shown.map(({ seq }) => seq)
  if (seqs.some((seq, index) => index > 0 && seq <= (seqs[index - 1] ?? 0)))
    problems.push(`${name}: not ascending`)
  const broken = messages.filter((message) => message.kind === 'broken')
  if (broken.length > 0)
    problems.push(`${name}: ${String(broken.length)} unreadable (${JSON.stringify(broken.slice(0, 3))})`)
  const warnings = messages.flatMap((message) =>
    message.kind === 'system' && message.event.kind === 'history-warning' ? [message.event.reason] : [],
  )
  if (warnings.length > 0) problems.push(`${name}: history warnings ${warnings.join(', ')}`)
  if (waiting > 0) problems.push(`${name}: ${String(waiting)} still wait`)
  return [...problems, ...checkGrowth(observer, snapshots, seen)]
}

function checkGrowth(
  { name }: Observer,
  snapshots: readonly (readonly MessageView[])[],
  final: ReadonlySet<string>,
): string[] {
  return snapshots.flatMap((snapshot) =>
    shownBy(snapshot)
      .filter(({ text }) => !final.has(text))
      .map(({ text }) => `${name} showed "${text}" and lost it`),
  )
}

/** Two devices that both show two messages show them in the same order, under the same numbers. */
function checkOneNumber(observers: readonly Observer[]): string[] {
  const numbers = new Map<string, number>()
  return observers.flatMap(({ name, messages }) =>
    shownBy(messages).flatMap(({ text, seq }) => {
      const known = numbers.get(text)
      numbers.set(text, known ?? seq)
      return known !== undefined && known !== seq
        ? [`${name} has "${text}" at ${String(seq)}, not ${String(known)}`]
        : []
    }),
  )
}

function checkOneOrder(observers: readonly Observer[]): string[] {
  const [first, ...others] = observers
  if (first === undefined) return []
  const order = new Map(shownBy(first.messages).map(({ text }, index) => [text, index]))
  return others.flatMap(({ name, messages }) => {
    const places = shownBy(messages).flatMap(({ text }) => order.get(text) ?? [])
    const sorted = places.every((place, index) => index === 0 || place > (places[index - 1] ?? 0))
    return sorted ? [] : [`${name} has another order than ${first.name}`]
  })
}

/** Whoever was a member all the time between two numbers has everything between them that anybody has. */
function checkEntitled(sent: readonly Sent[], observers: readonly Observer[]): string[] {
  const all = new Map(
    observers.flatMap(({ messages }) => shownBy(messages).map((shown) => [shown.text, shown])),
  )
  const lost = sent
    .filter(({ text, acknowledged }) => acknowledged && !all.has(text))
    .map(({ text }) => `"${text}" was acknowledged and is nowhere`)
  const missing = observers.flatMap((observer) => {
    const own = new Set(shownBy(observer.messages).map(({ text }) => text))
    const intervals = membershipOf(observer)
    return [...all.values()]
      .filter(
        ({ text, seq }) => !own.has(text) && intervals.some(([from, until]) => seq > from && seq < until),
      )
      .map(({ text, seq }) => `${observer.name} misses "${text}" (${String(seq)})`)
  })
  return [...lost, ...missing]
}

/** From the device's own lines: each joining, also as a further device, begins an interval, each removal ends it. */
function membershipOf({ account, messages }: Observer): [from: number, until: number][] {
  const intervals: [number, number][] = []
  for (const message of messages) {
    if (message.kind !== 'system' || message.seq === undefined) continue
    const { event } = message
    const joins =
      event.kind === 'created' ||
      (event.kind === 'device-added' && event.who.account === account) ||
      (event.kind === 'members-added' && event.who.some((who) => who.account === account))
    const goes =
      (event.kind === 'member-removed' || event.kind === 'member-left') && event.who.account === account
    const last = intervals.at(-1)
    if (joins && (last === undefined || last[1] !== Infinity)) intervals.push([message.seq, Infinity])
    if (goes && last !== undefined) last[1] = message.seq
  }
  return intervals
}
