/** The window of a tab; the test drives it through `tab`. */
import { connectCore } from '@brieftaube/bridge'
import { room } from '../toy-core.ts'

const client = connectCore(new Worker('/worker.js', { type: 'module' }))
const shown: string[][] = []
client.watch('messages', { conversation: room }, (state) => {
  shown.push(state.messages.map((message) => ('text' in message ? message.text : '')))
})

const answered = new Map<string, number>()

async function send(text: string): Promise<void> {
  await client.call('sendText', { conversation: room, localId: text, text })
  answered.set(text, (answered.get(text) ?? 0) + 1)
}

/** Sends without a pause until it is stopped; the longest time that one answer took is the takeover. */
const flood = { running: false, sent: [] as string[], longestMs: 0 }

async function startFlood(name: string): Promise<void> {
  flood.running = true
  while (flood.running) {
    const text = `${name} ${flood.sent.length}`
    flood.sent.push(text)
    const start = performance.now()
    await send(text)
    flood.longestMs = Math.max(flood.longestMs, performance.now() - start)
  }
}

Object.assign(globalThis, { tab: { send, shown, answered, flood, startFlood } })
