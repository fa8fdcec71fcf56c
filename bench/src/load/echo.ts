/** A bare `ws` server that sends back what it gets, at the same size and on the same machine: the price of a socket alone. */
import { createHistogram, type Summary } from './histogram.ts'
import { inParallel } from './people.ts'
import { cpuSecondsOf, startChild } from './processes.ts'
import { clientFrame, openRawSocket } from './raw-socket.ts'
import { runOpenLoop } from './open-loop.ts'

export interface EchoCost {
  readonly ratePerSecond: number
  readonly microseconds: number
  readonly latency: Summary
}

export async function measureEcho(plan: {
  ratePerSecond: number
  seconds: number
  messageBytes: number
  connections: number
}): Promise<EchoCost> {
  await using child = await startChild(new URL('./echo-server.js', import.meta.url), {})
  const latency = createHistogram()
  let answered = 0
  const sockets = await inParallel(plan.connections, 50, () =>
    openRawSocket({
      port: child.port,
      path: '/',
      origin: 'http://bench.invalid',
      onMessage: (payload) => {
        answered += 1
        latency.record(performance.now() - payload.readDoubleBE(0))
      },
    }),
  )
  const { frame, offset } = clientFrame(plan.messageBytes)
  let sent = 0
  const send = (intendedMs: number): void => {
    const copy = Buffer.from(frame)
    copy.writeDoubleBE(intendedMs, offset)
    sockets[sent % sockets.length]?.write(copy)
    sent += 1
  }
  const unanswered = () => sent - answered
  const { ratePerSecond, seconds } = plan
  await runOpenLoop({ ratePerSecond, durationMs: 1000, send, unanswered })
  const before = cpuSecondsOf([child.pid])
  const answeredBefore = answered
  await runOpenLoop({ ratePerSecond, durationMs: seconds * 1000, send, unanswered })
  await new Promise((resolve) => setTimeout(resolve, 200))
  const cpuSeconds = cpuSecondsOf([child.pid]) - before
  const microseconds = (cpuSeconds * 1e6) / Math.max(1, answered - answeredBefore)
  for (const socket of sockets) socket.close()
  return { ratePerSecond, microseconds, latency: latency.summary() }
}
