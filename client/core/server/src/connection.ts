/** One connection from its ticket to its end; knows nothing of what comes after. */
import {
  errorBodySchema,
  limits,
  protocolVersion,
  renewedSchema,
  socketPath,
  socketProtocols,
  toDevice,
  toServer,
  type ErrorBody,
  type LogIncarnation,
} from '@brieftaube/protocol'
import { Manager } from 'socket.io-client'
import { packetParser } from './packet-parser.ts'
import type { Clock } from './ports.ts'
import { decodeEvent, encodeRequest, eventNames } from './socket-events.ts'
import type { SocketEvents, SocketRequests } from './socket-types.ts'

export interface ConnectionOptions {
  readonly baseUrl: string
  readonly ticket: string
  /** The life of the log that this device's cursors belong to. */
  readonly log: LogIncarnation | undefined
  readonly clock: Clock
  readonly headers: Readonly<Record<string, string>>
  readonly opened: () => void
  /** Once, whether it was ever open or not. `refusal` is the server's word, if it said one. */
  readonly closed: (refusal: ErrorBody | undefined) => void
  readonly event: <Name extends keyof SocketEvents>(name: Name, event: SocketEvents[Name]) => void
  readonly malformed: (name: string) => void
}

export interface Connection {
  send<Name extends keyof SocketRequests>(name: Name, request: SocketRequests[Name]): boolean
  /** Presents a fresh ticket. undefined: no answer in time. */
  renew(ticket: string): Promise<{ readonly until: number } | { readonly error: ErrorBody } | undefined>
  /** When the last frame of any kind arrived, by this device's clock. */
  heardAt(): number
  close(): void
}

/** From the first byte to the server's "connected". */
const OPENING_MS = 15_000
const RENEWING_MS = 5000
/** A refusal so shortly before the end is the reason of the end; an older one was about a single request. */
const LAST_WORD_MS = 2000

export function openConnection(options: ConnectionOptions): Connection {
  const { clock } = options
  let heardAt = clock.now()
  let lastWord: { readonly body: ErrorBody; readonly at: number } | undefined
  let ended = false
  const manager = managerFor(options)
  const socket = manager.socket('/', {
    auth: {
      version: protocolVersion,
      ...(options.log === undefined ? {} : { log: options.log }),
    },
  })
  const end = (said?: ErrorBody): void => {
    if (ended) return
    ended = true
    stopTimer()
    socket.removeAllListeners()
    manager.off()
    socket.disconnect()
    manager.engine?.close()
    const recent = lastWord !== undefined && clock.now() - lastWord.at < LAST_WORD_MS
    options.closed(said ?? (recent ? lastWord?.body : undefined))
  }
  const stopTimer = clock.after(OPENING_MS, () => {
    end()
  })
  manager.on('open', () => {
    heardAt = clock.now()
    manager.engine.on('packet', () => {
      heardAt = clock.now()
    })
  })
  manager.on('error', () => {
    end()
  })
  socket.on('connect', () => {
    stopTimer()
    options.opened()
  })
  socket.on('connect_error', (error: Error & { data?: unknown }) => {
    end(errorBodySchema.safeParse(error.data).data)
  })
  socket.on('disconnect', () => {
    end()
  })
  for (const name of eventNames) {
    socket.on(toDevice[name], (payload: unknown) => {
      const event = decodeEvent(name, payload)
      if (event === undefined) return options.malformed(name)
      if (name === 'refused') lastWord = { body: event as ErrorBody, at: clock.now() }
      options.event(name, event)
    })
  }
  socket.connect()
  return {
    send(name, request) {
      if (!socket.connected) return false
      socket.emit(toServer[name], encodeRequest(name, request))
      return true
    },
    async renew(ticket) {
      const answer: unknown = await socket
        .timeout(RENEWING_MS)
        .emitWithAck(toServer.renew, { ticket })
        .catch(() => undefined)
      return renewedSchema.safeParse(answer).data
    },
    heardAt: () => heardAt,
    close: end,
  }
}

function managerFor(options: ConnectionOptions): Manager {
  return new Manager(options.baseUrl, {
    path: socketPath,
    protocols: socketProtocols(options.ticket),
    transports: ['websocket'],
    parser: packetParser,
    // What comes after an end is decided by the socket, which needs a new ticket for it.
    reconnection: false,
    autoConnect: false,
    timeout: OPENING_MS,
    extraHeaders: { ...options.headers },
    closeOnBeforeunload: false,
  })
}

/** A connection that has been silent for longer than the server's pings allow is dead, whatever the system says. */
export function isSilent(connection: Connection, clock: Clock): boolean {
  return clock.now() - connection.heardAt() > limits.pingIntervalMs + RENEWING_MS
}
