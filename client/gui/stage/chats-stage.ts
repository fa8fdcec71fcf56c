/**
 * The chats of the stage: conversations and messages with somebody who answers. It clones what it gives out, as a
 * thread boundary does.
 */
import type { ConversationId, ConversationView, TextMessageView } from '@brieftaube/contract'
import { demoChats, messagesViewOf, PAGE, rowOf, type Chat, type ChatsStageOptions } from './chats-demo.ts'
import {
  accountOf,
  conversationOf,
  demoContacts,
  demoMember,
  demoPeople,
  demoPerson,
} from './chats-people.ts'
import { stageDevice } from './people.ts'
import { stageFailure, type StageCore } from './stage-core.ts'

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
    chat.messages = chat.messages.map((message) =>
      message.key === key && message.kind === 'text' ? { ...message, ...more } : message,
    )
    changed(conversation)
  }
  const nextSeq = (chat: Chat) =>
    Math.max(0, ...chat.messages.slice(-50).map((message) => message.seq ?? 0)) + 1

  function deliver(conversation: ConversationId, key: string): void {
    if (!online()) return void setTimeout(() => deliver(conversation, key), 500)
    setTimeout(
      () =>
        setState(conversation, key, {
          state: 'sent',
          seq: nextSeq(chatOf(conversation)),
          failure: undefined,
        }),
      120,
    )
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
      receive(
        conversation,
        other.userName,
        options.language === 'de' ? 'Alles klar, danke dir!' : 'All right, thank you!',
      )
    }, 1800)
  }

  function receive(conversation: ConversationId, by: string, text: string): void {
    const chat = chatOf(conversation)
    const seq = nextSeq(chat)
    chat.messages = [
      ...chat.messages,
      {
        kind: 'text',
        key: `got-${String(seq)}`,
        seq,
        at: Date.now(),
        clientId: { device: stageDevice(by), counter: seq },
        localId: undefined,
        author: accountOf(by),
        authorName: demoPerson(by).name,
        own: false,
        text,
        replyTo: undefined,
        state: undefined,
        failure: undefined,
      },
    ]
    changed(conversation)
  }

  core.on('sendText', ({ conversation, localId, text, replyTo }) => {
    const chat = chatOf(conversation)
    const answered = chat.messages.find(
      (message) =>
        message.kind === 'text' &&
        message.clientId !== undefined &&
        message.clientId.counter === replyTo?.counter,
    )
    chat.messages = [
      ...chat.messages,
      {
        kind: 'text',
        key: localId,
        seq: undefined,
        at: Date.now(),
        clientId: { device: stageDevice('alice-1'), counter: chat.messages.length + 1 },
        localId,
        author: accountOf('alice'),
        authorName: 'Alice Brandt',
        own: true,
        text,
        state: 'waiting',
        failure: undefined,
        replyTo:
          answered?.kind === 'text'
            ? { author: answered.authorName, text: answered.text, key: answered.key }
            : undefined,
      },
    ]
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
    const people = [
      'alice',
      ...demoPeople.filter((person) => members.includes(accountOf(person.id))).map((person) => person.id),
    ]
    const by = { account: accountOf('alice'), name: 'Alice Brandt', own: true }
    chats.set(conversation, {
      view: {
        conversation,
        kind: 'group',
        title,
        picture: undefined,
        peer: undefined,
        ownRole: 'admin',
        active: true,
        draft: '',
        typing: [],
        members: people.map((id) => demoMember(id, options.language, ['alice'])),
        sendingBlocked: undefined,
        keyChanged: [],
      },
      messages: [
        {
          kind: 'system',
          key: `${conversation}-created`,
          seq: 1,
          at: Date.now(),
          event: { kind: 'created', by },
        },
      ],
      loadedFrom: 0,
      readSeq: 1,
      joinedLater: false,
    })
    changed(conversation)
    return { conversation }
  })
  core.on('renameGroup', ({ conversation, title }) => patch(conversation, { title }))
  core.on('addMembers', ({ conversation, members }) => {
    const added = demoPeople
      .filter((person) => members.includes(accountOf(person.id)))
      .map((person) => demoMember(person.id, options.language))
    patch(conversation, { members: [...chatOf(conversation).view.members, ...added] })
    return undefined
  })
  core.on('removeMember', ({ conversation, account }) =>
    patch(conversation, {
      members: chatOf(conversation).view.members.filter((member) => member.account !== account),
    }),
  )
  core.on('setAdmin', ({ conversation, account, admin }) =>
    patch(conversation, {
      members: chatOf(conversation).view.members.map((member) =>
        member.account === account ? { ...member, admin } : member,
      ),
    }),
  )
  core.on('leaveConversation', ({ conversation }) =>
    patch(conversation, { active: false, sendingBlocked: 'left' }),
  )
  core.on('acceptKeyChange', ({ account }) => {
    for (const chat of chats.values()) {
      if (chat.view.keyChanged.includes(account))
        patch(chat.view.conversation, { keyChanged: [], sendingBlocked: undefined })
    }
    return undefined
  })
}
