/** How a REST method is described: one constant per method, from which server, client and OpenAPI document derive. */
import { z } from 'zod'
import type { RateName } from './limits.ts'

/**
 * public: nobody needs a token · enrolment: a login without a device yet · session: a device's access token ·
 * admin: a session whose account is an administrator.
 */
export type Access = 'public' | 'enrolment' | 'session' | 'admin'

export interface Route<Request extends z.ZodType = z.ZodType, Reply extends z.ZodType = z.ZodType> {
  readonly name: string
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  /** With `:name` parameters. */
  readonly path: string
  readonly access: Access
  readonly rate?: RateName | undefined
  readonly summary: string
  /** JSON, raw bytes (application/octet-stream) or nothing. */
  readonly requestForm: 'json' | 'bytes' | 'none'
  readonly replyForm: 'json' | 'bytes' | 'none'
  /** `z.never()` unless the form is JSON. */
  readonly request: Request
  readonly reply: Reply
  readonly maxRequestBytes?: number | undefined
}

export type RequestOf<R extends Route> = z.infer<R['request']>
export type ReplyOf<R extends Route> = z.infer<R['reply']>

type Common = Pick<Route, 'name' | 'method' | 'rate' | 'summary' | 'maxRequestBytes'>
type Forms = Partial<Pick<Route, 'requestForm' | 'replyForm'>>

/** A route whose path and access are known to the compiler, so that handlers get typed parameters and callers. */
export type RouteAt<
  Request extends z.ZodType,
  Reply extends z.ZodType,
  Path extends string,
  Granted extends Access,
> = Route<Request, Reply> & { readonly path: Path; readonly access: Granted }

export function defineRoute<
  const Path extends string,
  const Granted extends Access,
  Request extends z.ZodType = z.ZodNever,
  Reply extends z.ZodType = z.ZodNever,
>(
  route: Common &
    Forms & {
      readonly path: Path
      readonly access: Granted
      readonly request?: Request
      readonly reply?: Reply
    },
): RouteAt<Request, Reply, Path, Granted> {
  return {
    requestForm: route.request === undefined ? 'none' : 'json',
    replyForm: route.reply === undefined ? 'none' : 'json',
    ...route,
    request: route.request ?? (z.never() as unknown as Request),
    reply: route.reply ?? (z.never() as unknown as Reply),
  }
}

/** Base64url text of at most `maxBytes` bytes. */
export function base64UrlSchema(maxBytes: number) {
  return z
    .string()
    .regex(/^[A-Za-z0-9_-]*$/)
    .max(Math.ceil((maxBytes * 4) / 3))
}

/** Milliseconds since 1970. */
export const timestampSchema = z.int().min(0)
