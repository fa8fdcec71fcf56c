/** What a REST handler gets and gives, typed by the protocol's route. */
import type {
  Access,
  AccountId,
  Bytes,
  ConversationId,
  DeviceId,
  RateName,
  ReplyOf,
  RequestOf,
  Route,
} from '@brieftaube/protocol'

/** A device with a live access token. */
export interface SessionCaller {
  readonly kind: 'session'
  readonly account: AccountId
  readonly device: DeviceId
  readonly role: 'user' | 'admin'
  /** The refresh family that the token belongs to. */
  readonly session: string
}

/** A proven login without a device. */
export interface EnrolmentCaller {
  readonly kind: 'enrolment'
  readonly account: AccountId
  readonly tokenId: string
  /** Milliseconds since 1970. */
  readonly expiresAt: number
}

export type Caller = SessionCaller | EnrolmentCaller | undefined

export type CallerOf<Granted extends Access> = Granted extends 'public'
  ? undefined
  : Granted extends 'enrolment'
    ? EnrolmentCaller
    : SessionCaller

interface ParamTypes {
  readonly account: AccountId
  readonly device: DeviceId
  readonly conversation: ConversationId
}

type ParamNames<Path extends string> = Path extends `${string}:${infer Name}/${infer Rest}`
  ? Name | ParamNames<Rest>
  : Path extends `${string}:${infer Name}`
    ? Name
    : never

export type ParamsOf<Path extends string> = {
  readonly [Name in ParamNames<Path>]: Name extends keyof ParamTypes ? ParamTypes[Name] : string
}

/** One request, parsed and authenticated. */
export interface Call<R extends Route = Route> {
  readonly params: ParamsOf<R['path']>
  /** The JSON body; `undefined` where the route takes none. */
  readonly body: [RequestOf<R>] extends [never] ? undefined : RequestOf<R>
  /** The raw body of a route that takes bytes; empty otherwise. */
  readonly bytes: Bytes
  /** Only for routes that are mounted with a query; every name at most once. */
  readonly query: Readonly<Record<string, string>>
  readonly caller: CallerOf<R['access']>
  readonly requestId: string
  /** What counts as one network for limits: an IPv4 address or an IPv6 /64. */
  readonly network: string
  cookie(name: string): string | undefined
  setHeader(name: string, value: string): void
  /** For limits that the route's table row cannot express; throws `rate-limited`. */
  spend(rate: RateName, subject: string): Promise<void>
}

export interface BytesReply {
  readonly bytes: Uint8Array
  /** `application/octet-stream` unless said. */
  readonly contentType?: string | undefined
}

/** JSON routes reply with their schema's value, byte routes with bytes, the others with nothing. */
export type HandlerReply<R extends Route> = [ReplyOf<R>] extends [never] ? BytesReply | undefined : ReplyOf<R>

export type Handler<R extends Route, Deps> = (
  call: Call<R>,
  deps: Deps,
) => HandlerReply<R> | Promise<HandlerReply<R>> | ([ReplyOf<R>] extends [never] ? Promise<void> : never)

export type RouteTable = Readonly<Record<string, Route>>

/** One handler per route of the table: a missing one does not compile. */
export type Handlers<Table extends RouteTable, Deps> = {
  readonly [Name in keyof Table]: Handler<Table[Name], Deps>
}
