/** A headless person: the browser's own core, without the browser, and views that can be waited for. */
import { createProfile, startHeadless, type HeadlessOptions, type Profile } from '@brieftaube/core'
import type {
  CommandInput,
  CommandName,
  CommandReply,
  CoreHost,
  MessageView,
  TextMessageView,
  ViewName,
  ViewParameter,
  ViewState,
} from '@brieftaube/contract'
import type { AccountId, ConversationId } from '@brieftaube/protocol'
import { randomBytes } from 'node:crypto'
import { testOrigin } from './services.ts'

export const testPassword = 'correct horse battery staple'

export interface PersonOptions extends Partial<Omit<HeadlessOptions, 'origin'>> {
  readonly baseUrl: string
}

export interface Person extends AsyncDisposable {
  readonly name: string
  readonly profile: Profile
  readonly core: CoreHost
  recoveryKey: string
  account: AccountId
  call<Name extends CommandName>(name: Name, input: CommandInput<Name>): Promise<CommandReply<Name>>
  /** The first state of the view that `accepts` finds good; rejects after `timeoutMs`. */
  until<Name extends ViewName>(
    name: Name,
    parameter: ViewParameter<Name>,
    accepts: (state: ViewState<Name>) => boolean,
    timeoutMs?: number,
  ): Promise<ViewState<Name>>
  send(conversation: ConversationId, text: string): Promise<string>
  texts(conversation: ConversationId): Promise<string[]>
  messages(conversation: ConversationId): Promise<readonly MessageView[]>
  /** Waits until these texts are what the conversation shows, in this order. */
  sees(conversation: ConversationId, texts: readonly string[], timeoutMs?: number): Promise<void>
  /** Drops the core without a word, as a killed tab, and starts another on the same profile. */
  restart(options?: Partial<PersonOptions>): Promise<void>
  stop(): Promise<void>
}

const WAIT_MS = 40_000

export function newLocalId(): string {
  return randomBytes(16).toString('base64url')
}

/** A core on this profile, whoever is signed in there. */
export async function startPerson(name: string, options: PersonOptions): Promise<Person> {
  const profile = options.profile ?? createProfile()
  let settings: PersonOptions = options
  let core = await startHeadless({ ...settings, profile, origin: testOrigin })
  let stopped = false
  let restarted = Promise.resolve()
  const person: Person = {
    name,
    profile,
    recoveryKey: '',
    account: '' as AccountId,
    get core() {
      return core
    },
    call: (command, input) => core.call(command, input),
    until: (view, parameter, accepts, timeoutMs = WAIT_MS) =>
      waitFor(name, core, view, parameter, accepts, timeoutMs),
    send: async (conversation, text) => {
      const localId = newLocalId()
      await core.call('sendText', { conversation, localId, text })
      return localId
    },
    texts: async (conversation) => textsOf(await person.messages(conversation)),
    messages: async (conversation) => {
      const state = await person.until('messages', { conversation }, () => true)
      return state.messages
    },
    sees: async (conversation, texts, timeoutMs) => {
      const wanted = JSON.stringify(texts)
      await person.until(
        'messages',
        { conversation },
        ({ messages }) => JSON.stringify(textsOf(messages)) === wanted,
        timeoutMs,
      )
    },
    // one after the other: of two cores on one profile only the one that opened its storage last can write
    restart: (changes = {}) => {
      restarted = restarted
        .catch(() => undefined)
        .then(async () => {
          await core[Symbol.asyncDispose]()
          settings = { ...settings, ...changes }
          core = await startHeadless({ ...settings, profile, origin: testOrigin })
          stopped = false
        })
      return restarted
    },
    stop: async () => {
      if (stopped) return
      stopped = true
      await core[Symbol.asyncDispose]()
    },
    [Symbol.asyncDispose]: () => person.stop(),
  }
  return person
}

export function textsOf(messages: readonly MessageView[]): string[] {
  return messages
    .filter((message): message is TextMessageView => message.kind === 'text')
    .map(({ text }) => text)
}

function waitFor<Name extends ViewName>(
  person: string,
  core: CoreHost,
  name: Name,
  parameter: ViewParameter<Name>,
  accepts: (state: ViewState<Name>) => boolean,
  timeoutMs: number,
): Promise<ViewState<Name>> {
  return new Promise((resolve, reject) => {
    let last: unknown
    let stop = () => undefined as void
    const timer = setTimeout(() => {
      stop()
      reject(new Error(`${person} waited in vain for ${name}; last: ${JSON.stringify(last)?.slice(-2000)}`))
    }, timeoutMs)
    stop = core.watch(name, parameter, (state) => {
      last = state
      if (!accepts(state)) return
      clearTimeout(timer)
      queueMicrotask(() => stop())
      resolve(state)
    })
  })
}

/** Registers and keeps the recovery key. */
export async function signUp(name: string, options: PersonOptions): Promise<Person> {
  const person = await startPerson(name, options)
  const { recoveryKey } = await person.call('register', {
    userName: name,
    displayName: name[0]?.toUpperCase() + name.slice(1),
    password: testPassword,
    deviceName: `${name}'s browser`,
  })
  await person.call('confirmRecoveryKey', { lastCharacters: recoveryKey.slice(-4) })
  const session = await person.until('session', {}, ({ kind }) => kind === 'signed-in')
  if (session.kind === 'signed-in') person.account = session.account
  await person.until('connection', {}, ({ kind }) => kind === 'online')
  return Object.assign(person, { recoveryKey })
}

/** A further browser of an account. */
export async function logInElsewhere(person: Person, options: PersonOptions): Promise<Person> {
  const other = await startPerson(`${person.name}-elsewhere`, options)
  await other.call('logIn', { userName: person.name, password: testPassword, deviceName: 'another browser' })
  other.account = person.account
  await other.until('connection', {}, ({ kind }) => kind === 'online')
  return other
}

/** `a` asks, `b` accepts. */
export async function befriend(a: Person, b: Person): Promise<void> {
  const { person } = await a.call('findAccount', { userName: b.name })
  if (person === undefined) throw new Error(`${b.name} was not found`)
  await a.call('changeContact', { account: b.account, action: 'request' })
  await b.until('contacts', {}, (contacts) => contacts.some((contact) => contact.account === a.account))
  await b.call('changeContact', { account: a.account, action: 'accept' })
  const accepted = (account: AccountId) => (contacts: ViewState<'contacts'>) =>
    contacts.some((contact) => contact.account === account && contact.state === 'accepted')
  await a.until('contacts', {}, accepted(b.account))
  await b.until('contacts', {}, accepted(a.account))
}

/** Waits until the conversation is there and can be written to. */
export async function has(person: Person, conversation: ConversationId, timeoutMs?: number): Promise<void> {
  await person.until(
    'conversations',
    {},
    (rows) => rows.some((row) => row.conversation === conversation && row.active),
    timeoutMs,
  )
}
