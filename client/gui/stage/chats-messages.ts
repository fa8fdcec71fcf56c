/** Demonstration lines become views. */
import type { MessageView, NameView, SystemEvent } from '@brieftaube/contract'
import { accountOf, demoPeople, demoPerson } from './chats-people.ts'
import { stageDevice } from './people.ts'
import { filler, type DemoLine } from './chats-talk.ts'

const MINUTE = 60_000

export interface TalkOptions {
  readonly language: 'de' | 'en'
  readonly now: number
  readonly title: string
}

export function messagesOf(prefix: string, lines: readonly DemoLine[], options: TalkOptions): MessageView[] {
  const { language, now } = options
  const made: MessageView[] = []
  for (const [index, line] of lines.entries()) {
    const common = { key: `${prefix}-${String(index)}`, at: now - line.minutesAgo * MINUTE }
    const waits = line.state === 'waiting' || line.state === 'failed'
    const seq = waits ? undefined : index + 1
    if (line.event !== undefined) {
      made.push({ kind: 'system', ...common, seq, event: eventOf(line, options.title) })
    } else if (line.broken !== undefined) {
      made.push({
        kind: 'broken',
        ...common,
        seq,
        author: accountOf(line.by),
        authorName: demoPerson(line.by).name,
        reason: line.broken,
        repairing: line.broken === 'cannot-open',
      })
    } else {
      made.push(
        textOf(common, seq, line, language, line.answers === undefined ? undefined : made[line.answers]),
      )
    }
  }
  return made
}

function textOf(
  common: { key: string; at: number },
  seq: number | undefined,
  line: DemoLine,
  language: 'de' | 'en',
  answered: MessageView | undefined,
): MessageView {
  const own = line.by === 'alice'
  return {
    kind: 'text',
    ...common,
    seq,
    clientId: seq === undefined ? undefined : { device: stageDevice(line.by), counter: seq },
    localId: own ? common.key : undefined,
    author: accountOf(line.by),
    authorName: demoPerson(line.by).name,
    own,
    text: line[language],
    replyTo:
      answered?.kind === 'text'
        ? { author: answered.authorName, text: answered.text, key: answered.key }
        : undefined,
    state: own ? (line.state ?? 'read') : undefined,
    failure:
      line.state === 'failed' ? { code: 'rate-limited', message: '', retryAfterMs: 60_000 } : undefined,
  }
}

function nameOf(id: string): NameView {
  return { account: accountOf(id), name: demoPerson(id).name, own: id === 'alice' }
}

function eventOf(line: DemoLine, title: string): SystemEvent {
  const by = nameOf(line.by)
  switch (line.event) {
    case 'added':
      return { kind: 'members-added', by, who: [nameOf('david'), nameOf('eva')] }
    case 'device':
      return { kind: 'device-added', who: by }
    case 'title':
      return { kind: 'title-changed', by, title }
    case 'left':
      return { kind: 'member-removed', by, who: nameOf('alice') }
    case 'admin':
      return { kind: 'admin-changed', by, who: nameOf('eva'), admin: true }
    case 'key':
      return { kind: 'key-changed', who: by }
    case 'restored':
      return { kind: 'restored' }
    case 'gap':
      return { kind: 'history-warning', reason: 'gap' }
    default:
      return { kind: 'created', by }
  }
}

/** As many messages as wanted, the same every time: several people, a few minutes or hours apart. */
export function manyMessages(count: number, language: 'de' | 'en', now: number): MessageView[] {
  const authors = demoPeople.slice(0, 6)
  const sentences = filler[language]
  let at = now - count * 7 * MINUTE
  return Array.from({ length: count }, (_, index) => {
    const author = authors[Math.floor(((index * 7919) % 97) / 17)] ?? demoPerson('bob')
    at += ((index * 31) % 14) * MINUTE
    const own = author.id === 'alice'
    return {
      kind: 'text' as const,
      key: `many-${String(index)}`,
      seq: index + 1,
      at,
      clientId: { device: stageDevice(author.id), counter: index },
      localId: own ? `many-${String(index)}` : undefined,
      author: accountOf(author.id),
      authorName: author.name,
      own,
      text: `${sentences[(index * 5) % sentences.length] ?? ''}`,
      replyTo: undefined,
      state: own ? ('read' as const) : undefined,
      failure: undefined,
    }
  })
}
