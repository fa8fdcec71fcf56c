/** The socket while somebody is signed in: every event goes to the use case that it concerns. */
import { suites } from '@brieftaube/protocol'
import type { Socket, SocketState } from '@brieftaube/server'
import { refreshDevices } from './account/devices.ts'
import { refillKeyPackages } from './account/key-packages.ts'
import { applyReceipts, reportAll } from './chat/receipts.ts'
import { receiveEphemeral } from './chat/typing.ts'
import type { Core } from './core.ts'
import { removeSoon } from './group/removals.ts'
import { wakeIntents } from './group/intents.ts'
import { answerKey } from './log/after.ts'
import { drainSoon, hear } from './log/drain.ts'
import { sync, syncSoon } from './log/sync.ts'
import { takeWelcomes } from './log/welcome.ts'
import { refreshContacts, refreshPeople } from './people/contacts.ts'
import { applyPresence, forgetPresence, watchPresence } from './people/presence.ts'
import { wakePump } from './send/pump.ts'

/** Once per session; the socket itself goes on trying. */
export function connect(core: Core): void {
  if (core.socket !== undefined || core.closed) return
  const socket = core.openSocket()
  core.socket = socket
  core.connection = 'connecting'
  socket.onState((state) => onState(core, socket, state))
  listen(core, socket)
  onState(core, socket, socket.state())
}

export async function disconnect(core: Core): Promise<void> {
  const { socket } = core
  core.socket = undefined
  core.connection = 'offline'
  loseAnswers(core)
  await socket?.[Symbol.asyncDispose]()
}

function onState(core: Core, socket: Socket, state: SocketState): void {
  if (core.socket !== socket) return
  const before = core.connection
  core.connection = state.kind === 'stopped' ? 'offline' : state.kind
  core.hub.touch('connection')
  if (core.connection === before) return
  if (core.connection === 'online') core.background.run('online', () => online(core))
  else loseAnswers(core)
}

/** Whatever was sent and not answered goes out again after the next connection. */
function loseAnswers(core: Core): void {
  for (const answer of [...core.answers.values()]) answer({ kind: 'lost' })
  forgetPresence(core)
}

const SYNC_AGAIN_MS = 2000

async function online(core: Core): Promise<void> {
  core.catchingUp = true
  core.hub.touch('connection')
  try {
    await sync(core)
  } catch (thrown) {
    core.background.after(SYNC_AGAIN_MS, 'sync-again', async () => {
      if (core.connection === 'online') await online(core)
    })
    throw thrown
  } finally {
    core.catchingUp = false
    core.hub.touch('connection')
  }
  core.socket?.send('openConversation', { conversation: core.shown ?? null })
  for (const conversation of core.conversations.values()) {
    if (conversation.target > conversation.record.seq) drainSoon(core, conversation)
    wakeIntents(core, conversation)
    removeSoon(core, conversation)
    wakePump(core, conversation)
  }
  reportAll(core)
  watchPresence(core)
  core.background.run('people', () => refreshPeople(core))
  if (core.hub.isWatched('devices')) core.background.run('devices', () => refreshDevices(core))
}

function listen(core: Core, socket: Socket): void {
  socket.on('entry', (entry) => {
    const conversation = core.conversations.get(entry.conversation)
    if (conversation === undefined) syncSoon(core)
    else hear(core, conversation, entry)
  })
  socket.on('heads', ({ heads }) => {
    for (const head of heads) {
      const conversation = core.conversations.get(head.conversation)
      if (conversation === undefined || conversation.record.status !== 'active') syncSoon(core)
      else hear(core, conversation, head.seq)
    }
  })
  socket.on('appended', (answers) => {
    for (const answer of answers) {
      const conversation = core.conversations.get(answer.conversation)
      if (conversation === undefined) continue
      core.answers.get(answerKey(conversation, answer.counter))?.({ kind: 'appended', answer })
    }
  })
  socket.on('receipts', ({ receipts }) =>
    core.background.run('receipts-in', () => applyReceipts(core, receipts)),
  )
  socket.on('ephemeral', (event) => core.background.run('ephemeral', () => receiveEphemeral(core, event)))
  socket.on('presence', ({ presence }) => applyPresence(core, presence))
  socket.on('welcome', () => core.background.run('welcome', () => takeWelcomes(core)))
  socket.on('contacts', ({ version }) => {
    if (version !== core.sync.contactsVersion) core.background.run('contacts', () => refreshContacts(core))
  })
  socket.on('card', () => syncSoon(core))
  socket.on('keyPackages', ({ suite, left }) => {
    const known = Object.values(suites).find((number) => number === suite)
    if (known !== undefined) refillKeyPackages(core, known, left)
  })
  socket.on('refused', ({ code }) => core.log('refused', { code }))
}
