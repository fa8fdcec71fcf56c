/**
 * One-to-one messages, open loop: every message has an intended time, and its latency counts from there to the entry at
 * the other device. Prints throughput, latency, CPU per message of the whole server, and memory per idle connection.
 * Arguments: messages per second · seconds · pairs · lanes
 */
import { fork, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { randomBytes, randomUUID, sign, generateKeyPairSync, type KeyObject } from 'node:crypto'
import { fileURLToPath } from 'node:url'
import {
  encodeAppend,
  encodePacket,
  tokenIssuer,
  tokenTypes,
  toServer,
  type ConversationId,
} from '@brieftaube/protocol'
import { openPool, prepareDatabase, startTestCluster, type KeySet } from '@brieftaube/service-kit'
import { newMember, plantConversations, privateMessage, type Member } from './chat-fixture.ts'
import type { ChatProcessOptions } from './chat-process.ts'
import { treeCpuUs } from './process-cpu.ts'
import { maskedFrame, openRawSocket, type RawSocket } from './raw-socket.ts'

const [ratePerSecond = 5000, seconds = 10, pairs = 500, lanes = 2] = process.argv.slice(2).map(Number)
const origin = 'http://localhost'
const WARM_UP_S = 3
const CIPHERTEXT_BYTES = 190
const BODY_BYTES = 284
const EVENT = 2

const { publicKey, privateKey } = generateKeyPairSync('ed25519')
const jwks: KeySet = { keys: [{ ...publicKey.export({ format: 'jwk' }), kid: 'bench' }] }

const cluster = await startTestCluster(['shared_buffers=256MB'])
const services = await prepareDatabase({
  adminUrl: cluster.adminUrl,
  name: 'bench',
  passwordOf: () => 'bench',
})
const child = fork(fileURLToPath(new URL('./chat-process.js', import.meta.url)), [], {
  execArgv: ['--expose-gc', ...(process.env['CHILD_FLAGS']?.split(' ') ?? [])],
})
child.send({ database: services.chat, jwks, origin, lanes } satisfies ChatProcessOptions)
const { port } = await nextMessage<{ port: number }>(child)

const owner = openPool({ ...services.chat, appUrl: services.chat.ownerUrl }, { schema: 'chat', max: 1 })
const members = Array.from({ length: pairs }, () => [newMember(), newMember()] as const)
const conversations = await plantConversations(owner, members)
await owner.query('analyze')

const before = await memoryOf(child)
const latencies: number[] = []
let measuring = false
let acks = 0
let refusals = 0
let entries = 0
let latestEntry = 0

interface Sender {
  readonly socket: RawSocket
  readonly conversation: ConversationId
  readonly mls: Uint8Array<ArrayBuffer>
  counter: number
}

const senders: Sender[] = []
for (const [index, pair] of members.entries()) {
  const conversation = conversations[index]
  if (conversation === undefined) continue
  const opened = await Promise.all(pair.map((member) => open(member)))
  for (const socket of opened) {
    senders.push({
      socket,
      conversation,
      mls: privateMessage(conversation, 1, randomBytes(CIPHERTEXT_BYTES)),
      counter: 0,
    })
  }
}
const after = await memoryOf(child)
const perConnection = (after.memory.rss - before.memory.rss) / (after.sockets - before.sockets)
console.log(`${after.sockets} sockets, ${(perConnection / 1024).toFixed(1)} KiB RSS each`)

await run(WARM_UP_S)
measuring = true
acks = refusals = entries = 0
const [chatUs, postgresUs] = [treeCpuUs(child.pid ?? 0), treeCpuUs(cluster.pid)]
const own = process.cpuUsage()
const sent = await run(seconds)
await new Promise((resolve) => setTimeout(resolve, 500))
const ownUsed = process.cpuUsage(own)
report(sent, treeCpuUs(child.pid ?? 0) - chatUs, treeCpuUs(cluster.pid) - postgresUs)
console.log(`generator ${((ownUsed.user + ownUsed.system) / sent).toFixed(1)} µs each`)
const { rows } = await owner.query<{ count: number }>('select count(*) as count from entry')
console.log(`rows in PostgreSQL ${rows[0]?.count ?? 0}`)
child.send('close')
await once(child, 'exit')
await owner.end()
await cluster.close()
process.exit(0)

async function open(member: Member): Promise<RawSocket> {
  return openRawSocket({ port, origin, ticket: ticketFor(member, privateKey), onPacket })
}

function onPacket(packet: Buffer): void {
  if (packet[5] !== 1) return
  const name = packet.toString('latin1', 7, 7 + (packet[6] ?? 0))
  if (name === 'appended') {
    for (let at = 7 + name.length; at < packet.length; at += 57) {
      if (packet[at + 24] === 255) acks += 1
      else refusals += 1
    }
  }
  if (name !== 'entry') return
  entries += 1
  latestEntry = performance.now()
  // the intended time lies at the end, in the body
  if (measuring) latencies.push(latestEntry - packet.readDoubleBE(packet.length - 8))
}

async function run(forSeconds: number): Promise<number> {
  const start = performance.now()
  const total = forSeconds * ratePerSecond
  let next = 0
  while (next < total) {
    const due = Math.min(total, Math.floor(((performance.now() - start) / 1000) * ratePerSecond))
    for (; next < due; next++) send(start + (next / ratePerSecond) * 1000)
    await new Promise((resolve) => setTimeout(resolve, 1))
  }
  return total
}

function send(intendedAt: number): void {
  const sender = senders[Math.floor(Math.random() * senders.length)]
  if (sender === undefined) return
  const body = Buffer.alloc(BODY_BYTES)
  body.writeDoubleBE(intendedAt, BODY_BYTES - 8)
  sender.counter += 1
  const { conversation, counter, mls } = sender
  const bytes = encodeAppend({ conversation, generation: 0, epoch: 1, counter, mls, body })
  sender.socket.write(maskedFrame(encodePacket({ type: EVENT, nsp: '/', data: [toServer.append, bytes] })))
}

function report(sentCount: number, chatCpuUs: number, postgresCpuUs: number): void {
  latencies.sort((a, b) => a - b)
  const at = (part: number): string =>
    (latencies[Math.floor(latencies.length * part)] ?? Number.NaN).toFixed(1)
  console.log(
    `${ratePerSecond}/s for ${seconds} s: sent ${sentCount}, acks ${acks}, refused ${refusals}, entries ${entries}`,
  )
  console.log(`latency ms p50 ${at(0.5)} p95 ${at(0.95)} p99 ${at(0.99)} max ${at(0.9999)}`)
  const each = (us: number): string => (us / Math.max(1, entries)).toFixed(1)
  console.log(
    `CPU µs per message: chat ${each(chatCpuUs)} + postgres ${each(postgresCpuUs)} = ${each(chatCpuUs + postgresCpuUs)}`,
  )
}

function ticketFor({ account, device }: Member, key: KeyObject): string {
  const now = Math.floor(Date.now() / 1000)
  const { typ, audience } = tokenTypes.ticket
  const claims = {
    iss: tokenIssuer,
    aud: audience,
    sub: account,
    iat: now,
    exp: now + 30,
    device,
    session: 'bench',
    jti: randomUUID(),
    until: Date.now() + 3_600_000,
  }
  const encode = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url')
  const signed = `${encode({ alg: 'EdDSA', typ, kid: 'bench' })}.${encode(claims)}`
  return `${signed}.${sign(null, Buffer.from(signed), key).toString('base64url')}`
}

async function memoryOf(process: ChildProcess): Promise<{ memory: NodeJS.MemoryUsage; sockets: number }> {
  process.send('memory')
  return nextMessage(process)
}

async function nextMessage<T>(process: ChildProcess): Promise<T> {
  const [message] = (await once(process, 'message')) as [T]
  return message
}
