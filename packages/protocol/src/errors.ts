/** The closed table of public errors. Only `{code, message}` (and the head, where a code carries one) crosses the wire. */
import { z } from 'zod'

export interface ErrorRow {
  readonly status: number
  /** Whether the same request may succeed later unchanged. */
  readonly retry: boolean
  /** What a client does about it. */
  readonly action: string
}

export const errorTable = {
  malformed: { status: 400, retry: false, action: 'Mend the request; it does not fit its schema.' },
  'too-large': { status: 413, retry: false, action: 'Send less at once.' },
  unauthenticated: { status: 401, retry: false, action: 'Refresh the token once, then sign in again.' },
  forbidden: { status: 403, retry: false, action: 'Do not offer this action.' },
  'not-found': { status: 404, retry: false, action: 'Treat it as gone; foreign and unknown look alike.' },
  'method-not-allowed': { status: 405, retry: false, action: 'Use the documented method.' },
  conflict: { status: 409, retry: false, action: 'Load the current state and decide again.' },
  'name-taken': { status: 409, retry: false, action: 'Choose another user name.' },
  'stale-epoch': {
    status: 409,
    retry: false,
    action: 'Catch up from the head in the answer, then build it again.',
  },
  'commit-required': {
    status: 409,
    retry: false,
    action: 'Catch up, commit the pending removals, then send again.',
  },
  'commit-refused': { status: 422, retry: false, action: 'Drop the commit; the policy forbids it.' },
  'wrong-credentials': { status: 401, retry: false, action: 'Ask for name and password again.' },
  'registration-closed': { status: 403, retry: false, action: 'Ask for an invitation.' },
  'invite-invalid': { status: 403, retry: false, action: 'Ask for a new invitation.' },
  'login-expired': { status: 410, retry: false, action: 'Begin the login again.' },
  'not-a-contact': { status: 403, retry: false, action: 'Send a contact request first.' },
  'quota-exceeded': { status: 409, retry: false, action: 'Remove something first.' },
  'unsupported-version': { status: 426, retry: false, action: 'Reload to get the current client.' },
  'rate-limited': { status: 429, retry: true, action: 'Wait for `retryAfterMs`, then send it again.' },
  busy: { status: 503, retry: true, action: 'Wait a moment with jitter, then send it again.' },
  unavailable: { status: 503, retry: true, action: 'Wait a moment with jitter, then send it again.' },
  internal: { status: 500, retry: true, action: 'Try once more; then report the request id.' },
  'device-revoked': { status: 403, retry: false, action: 'Wipe what is stored here, then sign in again.' },
  'account-disabled': {
    status: 403,
    retry: false,
    action: 'Keep what is stored here; ask the administrator.',
  },
  'log-restored': {
    status: 409,
    retry: false,
    action: 'Compare the own log with the restored one (`sync`), then send it again.',
  },
} as const satisfies Record<string, ErrorRow>

export type ErrorCode = keyof typeof errorTable

export const errorCodes = Object.keys(errorTable) as readonly ErrorCode[]

/** Where a conversation's log stands. */
export const headSchema = z.strictObject({
  generation: z.int().min(0),
  epoch: z.int().min(0),
  seq: z.int().min(0),
})
export type Head = z.infer<typeof headSchema>

export const errorBodySchema = z.strictObject({
  code: z.enum(errorCodes as readonly [ErrorCode, ...ErrorCode[]]),
  message: z.string(),
  head: headSchema.optional(),
  retryAfterMs: z.int().min(0).optional(),
  requestId: z.string().optional(),
})
export type ErrorBody = z.infer<typeof errorBodySchema>

/** An expected failure on its way to a boundary, where it becomes an `ErrorBody`. `cause` is for the log only. */
export class ProtocolError extends Error {
  override readonly name = 'ProtocolError'
  readonly code: ErrorCode
  readonly head: Head | undefined
  readonly retryAfterMs: number | undefined

  constructor(
    code: ErrorCode,
    message: string,
    details: { head?: Head | undefined; retryAfterMs?: number | undefined; cause?: unknown } = {},
  ) {
    super(message, { cause: details.cause })
    this.code = code
    this.head = details.head
    this.retryAfterMs = details.retryAfterMs
  }

  toBody(): ErrorBody {
    return {
      code: this.code,
      message: this.message,
      ...(this.head === undefined ? {} : { head: this.head }),
      ...(this.retryAfterMs === undefined ? {} : { retryAfterMs: this.retryAfterMs }),
    }
  }
}
