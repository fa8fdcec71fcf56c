/**
 * The chats of the stage: conversations and messages with somebody who answers. It clones what it gives out, as a
 * thread boundary does.
 */
import type {
  ConversationId,
  ConversationRow,
  ConversationView,
  MessageView,
  MessagesView,
  TextMessageView,
} from '@brieftaube/contract'
import { manyMessages, messagesOf } from './chats-messages.ts'
import { accountOf, conversationOf, demoContacts, demoMember, demoPeople, demoPerson } from './chats-people.ts'
import { shortTalks, talkOfTheClub, talkWithBob, talkWithCarla, talkWithSamir, type DemoLine } from './chats-talk.ts'
import { stageFailure, type StageCore } from './stage-core.ts'

export interface ChatsStageOptions {
  readonly language: 'de' | 'en'
  /** More chats, for measuring. */
  readonly chats?: number
  /** Messages in the club's chat, for measuring. */
  readonly messages?: number
  readonly empty?: boolean
  /** Whether somebody types and answers. */
  readonly lively?: boolean
}

export interface Chat {
  view: ConversationView
  messages: MessageView[]
  /** Index of the first loaded message. */
  loadedFrom: number
  readSeq: number
  joinedLater: boolean
}

const PAGE = 60

/** Puts the chats on the stage and answers their commands. */
export function putChats(core: StageCore, options: ChatsStageOptions): void {
  const chats = demoChats(options)
  const dirty = new Set<ConversationId>(chats.keys())

  function put(): void {
    for (const conversation of dirty) {
      const chat = chats.get(conversation)
      if (chat === undefined) continue
      core.put('conversation', { conversation }, structuredClone(chat.view))
      core.put('messages', { conversation }, structuredClone(messagesViewOf(chat)))
    }
    dirty.clear()
    core.put('conversations', {}, structuredClone([...chats.values()].map(rowOf)))
  }

  core.put('contacts', {}, demoContacts(options.language))
  put()
  answerChats({
    core,
    chats,
    options,
    changed: (conversation) => {
      if (dirty.size === 0) setTimeout(put, 4)
      dirty.add(conversation)
    },
  })
}

function messagesViewOf(chat: Chat): MessagesView {
  return {
    conversation: chat.view.conversation,
    messages: chat.messages.slice(chat.loadedFrom),
    more: chat.loadedFrom > 0,
    readSeq: chat.readSeq,
    joinedLater: chat.joinedLater,
  }
}

function rowOf(chat: Chat): ConversationRow {
  const { view, messages } = chat
  const last = messages.at(-1)
  const { conversation, kind, title, picture, peer, draft, typing, active } = view
  const other = view.members.find((member) => member.account === peer)
  return {
    conversation, kind, title, picture, peer, draft, typing, active,
    unread: messages.filter((message) => message.kind === 'text' && !message.own && (message.seq ?? 0) > chat.readSeq).length,
    lastActivityAt: last?.at ?? 0,
    preview:
      last === undefined ? undefined
      : last.kind === 'text' ? { kind: 'text', text: last.text, author: last.authorName, own: last.own, state: last.state }
      : last.kind === 'system' ? { kind: 'system', event: last.event }
      : { kind: 'unsupported' },
    verified: other?.verified ?? false,
    online: other?.online ?? false,
  }
}

function demoChats(options: ChatsStageOptions): Map<ConversationId, Chat> {
  const { language } = options
  const chats = new Map<ConversationId, Chat>()
  if (options.empty === true) return chats
  const now = Date.now()
  const words = language === 'de' ? { club: 'Verein Frühling', family: 'Familie Brandt', surgery: 'Praxisteam', old: 'Weihnachtsfeier' } : { club: 'Spring Club', family: 'Brandt family', surgery: 'Surgery team', old: 'Christmas party' }
  const add = (id: string, lines: readonly DemoLine[], more: Partial<ConversationView> & { unread?: number; messages?: MessageView[]; joinedLater?: boolean } = {}) => {
    const { unread = 0, messages, joinedLater = false, ...view } = more
    const direct = view.kind !== 'group'
    const title = view.title ?? demoPerson(id).name
    const all = messages ?? messagesOf(id, lines, { language, now, title })
    const lastSeq = all.findLast((message) => message.seq !== undefined)?.seq ?? 0
    const conversation = conversationOf(id)
    chats.set(conversation, {
      view: {
        conversation, kind: 'direct', title, picture: undefined, peer: direct ? accountOf(id) : undefined,
        members: direct ? [demoMember('alice', language), demoMember(id, language)] : [],
        ownRole: 'member', active: true, draft: '', typing: [], sendingBlocked: undefined, keyChanged: [],
        ...view,
      },
      messages: all,
      loadedFrom: Math.max(0, all.length - PAGE),
      readSeq: lastSeq - unread,
      joinedLater,
    })
  }
  const group = (ids: readonly string[], admins: readonly string[]) => ({
    kind: 'group' as const,
    members: ids.map((id) => demoMember(id, language, admins)),
    ownRole: admins.includes('alice') ? ('admin' as const) : ('member' as const),
  })
  const many = options.messages
  add('carla', talkWithCarla, { unread: 2, typing: ['Carla Weiß'] })
  add('club', talkOfTheClub, {
    ...group(['alice', 'bob', 'carla', 'david', 'eva', 'frieda', 'jonas', 'mei'], ['alice', 'carla']),
    title: words.club, unread: 3, joinedLater: true,
    ...(many === undefined ? {} : { messages: manyMessages(many, language, now), unread: 0, joinedLater: false }),
  })
  add('bob', talkWithBob)
  add('family', shortTalks['family'] ?? [], { ...group(['alice', 'lukas', 'oma'], ['lukas']), title: words.family, unread: 1 })
  add('david', shortTalks['david'] ?? [], { draft: language === 'de' ? 'Kannst du am Montag auch schon um 17 Uhr?' : 'Can you also do 5 pm on Monday?' })
  add('surgery', shortTalks['surgery'] ?? [], { ...group(['alice', 'eva', 'mei'], ['eva']), title: words.surgery })
  add('samir', talkWithSamir)
  add('frieda', shortTalks['frieda'] ?? [], { sendingBlocked: 'blocked' })
  add('jonas', shortTalks['jonas'] ?? [], { sendingBlocked: 'key-changed', keyChanged: [accountOf('jonas')] })
  add('mei', shortTalks['mei'] ?? [], { sendingBlocked: 'preparing' })
  add('lukas', [])
  add('theresa', shortTalks['theresa'] ?? [])
  add('oldgroup', shortTalks['oldgroup'] ?? [], { ...group(['frieda', 'eva'], ['frieda']), title: words.old, active: false, sendingBlocked: 'left' })
  for (let index = chats.size; index < (options.chats ?? 0); index += 1) {
    const person = demoPeople[1 + (index % (demoPeople.length - 1))] ?? demoPerson('bob')
    add(`${person.id}${String(index)}`, [], { title: `${person.name} ${String(index)}`, members: [demoMember('alice', language), demoMember(person.id, language)], messages: manyMessages(1 + (index % 3), language, now - index * 3_600_000) })
  }
  return chats
}

interface ChatsStage {
  readonly core: StageCore
  readonly chats: Map<ConversationId, Chat>
  readonly options: ChatsStageOptions
  readonly changed: (conversation: ConversationId) => void
}

function answerChats({ core, chats, options, changed }: ChatsStage): void {
  const online = () => core.peek('connection', {})?.kind !== 'offline'
  let groups = 0

  function chatOf(conversation: ConversationId): Chat {
    const chat = chats.get(conversation)
    if (chat === undefined) throw stageFailure('unknown-conversation')
    return chat
  }
  function patch(conversation: ConversationId, view: Partial<ConversationView>): undefined {
    const chat = chatOf(conversation)
    chat.view = { ...chat.view, ...view }
    changed(conversation)
    return undefined
  }
  function setState(conversation: ConversationId, key: string, more: Partial<TextMessageView>): void {
    const chat = chatOf(conversation)
    chat.messages = chat.messages.map((message) => (message.key === key && message.kind === 'text' ? { ...message, ...more } : message))
    changed(conversation)
  }
  const nextSeq = (chat: Chat) => Math.max(0, ...chat.messages.slice(-50).map((message) => message.seq ?? 0)) + 1

  function deliver(conversation: ConversationId, key: string): void {
    if (!online()) return void setTimeout(() => deliver(conversation, key), 500)
    setTimeout(() => setState(conversation, key, { state: 'sent', seq: nextSeq(chatOf(conversation)), failure: undefined }), 120)
    setTimeout(() => setState(conversation, key, { state: 'delivered' }), 500)
    setTimeout(() => setState(conversation, key, { state: 'read' }), 1600)
    if (options.lively === true) setTimeout(() => answer(conversation), 2200)
  }

  function answer(conversation: ConversationId): void {
    const chat = chatOf(conversation)
    const other = chat.view.members.find((member) => !member.own)
    if (other === undefined) return
    patch(conversation, { typing: [other.displayName] })
    setTimeout(() => {
      patch(conversation, { typing: [] })
      receive(conversation, other.userName, options.language === 'de' ? 'Alles klar, danke dir!' : 'All right, thank you!')
    }, 1800)
  }

  function receive(conversation: ConversationId, by: string, text: string): void {
    const chat = chatOf(conversation)
    const seq = nextSeq(chat)
    chat.messages = [...chat.messages, {
      kind: 'text', key: `got-${String(seq)}`, seq, at: Date.now(), clientId: undefined, localId: undefined,
      author: accountOf(by), authorName: demoPerson(by).name, own: false, text, replyTo: undefined, state: undefined, failure: undefined,
    }]
    changed(conversation)
  }

  core.on('sendText', ({ conversation, localId, text, replyTo }) => {
    const chat = chatOf(conversation)
    const answered = chat.messages.find((message) => message.kind === 'text' && message.clientId !== undefined && message.clientId.counter === replyTo?.counter)
    chat.messages = [...chat.messages, {
      kind: 'text', key: localId, seq: undefined, at: Date.now(), clientId: { device: accountOf('device') as never, counter: chat.messages.length }, localId,
      author: accountOf('alice'), authorName: 'Alice Brandt', own: true, text, state: 'waiting', failure: undefined,
      replyTo: answered?.kind === 'text' ? { author: answered.authorName, text: answered.text, key: answered.key } : undefined,
    }]
    patch(conversation, { draft: '' })
    deliver(conversation, localId)
    return undefined
  })
  core.on('retryMessage', ({ conversation, localId }) => {
    setState(conversation, localId, { state: 'waiting', failure: undefined })
    deliver(conversation, localId)
    return undefined
  })
  core.on('discardMessage', ({ conversation, localId }) => {
    const chat = chatOf(conversation)
    chat.messages = chat.messages.filter((message) => message.key !== localId)
    changed(conversation)
    return undefined
  })
  core.on('setDraft', ({ conversation, text }) => patch(conversation, { draft: text }))
  core.on('markRead', ({ conversation, seq }) => {
    const chat = chatOf(conversation)
    chat.readSeq = Math.max(chat.readSeq, seq)
    changed(conversation)
    return undefined
  })
  core.on('loadOlder', async ({ conversation }) => {
    await new Promise((resolve) => setTimeout(resolve, 60))
    const chat = chatOf(conversation)
    chat.loadedFrom = Math.max(0, chat.loadedFrom - PAGE)
    changed(conversation)
    return { more: chat.loadedFrom > 0 }
  })
  core.on('openDirect', ({ account }) => {
    const found = [...chats.values()].find((chat) => chat.view.peer === account)
    if (found === undefined) throw stageFailure('not-found')
    return { conversation: found.view.conversation }
  })
  core.on('createGroup', async ({ title, members }) => {
    await new Promise((resolve) => setTimeout(resolve, 400))
    groups += 1
    const conversation = conversationOf(`group${String(groups)}`)
    const people = ['alice', ...demoPeople.filter((person) => members.includes(accountOf(person.id))).map((person) => person.id)]
    const by = { account: accountOf('alice'), name: 'Alice Brandt', own: true }
    chats.set(conversation, {
      view: {
        conversation, kind: 'group', title, picture: undefined, peer: undefined, ownRole: 'admin', active: true, draft: '', typing: [],
        members: people.map((id) => demoMember(id, options.language, ['alice'])), sendingBlocked: undefined, keyChanged: [],
      },
      messages: [{ kind: 'system', key: `${conversation}-created`, seq: 1, at: Date.now(), event: { kind: 'created', by } }],
      loadedFrom: 0, readSeq: 1, joinedLater: false,
    })
    changed(conversation)
    return { conversation }
  })
  core.on('renameGroup', ({ conversation, title }) => patch(conversation, { title }))
  core.on('addMembers', ({ conversation, members }) => {
    const added = demoPeople.filter((person) => members.includes(accountOf(person.id))).map((person) => demoMember(person.id, options.language))
    patch(conversation, { members: [...chatOf(conversation).view.members, ...added] })
    return undefined
  })
  core.on('removeMember', ({ conversation, account }) =>
    patch(conversation, { members: chatOf(conversation).view.members.filter((member) => member.account !== account) })
  )
  core.on('setAdmin', ({ conversation, account, admin }) =>
    patch(conversation, { members: chatOf(conversation).view.members.map((member) => (member.account === account ? { ...member, admin } : member)) })
  )
  core.on('leaveConversation', ({ conversation }) => patch(conversation, { active: false, sendingBlocked: 'left' }))
  core.on('acceptKeyChange', ({ account }) => {
    for (const chat of chats.values()) {
      if (chat.view.keyChanged.includes(account)) patch(chat.view.conversation, { keyChanged: [], sendingBlocked: undefined })
    }
    return undefined
  })
}
