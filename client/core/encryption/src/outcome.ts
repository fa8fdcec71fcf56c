/** How calls of this module say no. Hostile input never makes them throw. */
import { MalformedError } from '@brieftaube/protocol'

export type RefusalReason =
  /** Not decodable, not canonical, or of a shape that is not in use. */
  | 'malformed'
  | 'too-large'
  /** This key was used before: the entry is a copy. */
  | 'replayed'
  /** From an epoch whose keys are gone. */
  | 'too-old'
  /** From an epoch that this state has not reached: something in between is missing. */
  | 'unknown-epoch'
  /** The state has moved on since. */
  | 'wrong-epoch'
  /** Not the next entry of the log. */
  | 'gap'
  | 'wrong-conversation'
  /** The device that the entry names is not the one that MLS authenticated. */
  | 'wrong-sender'
  /** A device can neither open its own message nor process its own commit: the stored ones are used. */
  | 'own-message'
  | 'body-mismatch'
  /** A signature, tag or key does not fit. */
  | 'not-authentic'
  /** The commit policy forbids it; `detail` is the policy's reason. */
  | 'policy'
  | 'wrong-suite'
  /** A key package or Welcome that is not for this. */
  | 'wrong-key-package'
  | 'expired'
  /** This device is no longer a member. */
  | 'removed'
  /** Not the key that sealed it. */
  | 'wrong-key'

export interface Refused {
  readonly kind: 'refused'
  readonly reason: RefusalReason
  /** For the log: never contains anything secret. */
  readonly detail: string
}

export type Outcome<T> = ({ readonly kind: 'ok' } & T) | Refused

export function refuse(reason: RefusalReason, detail: string = reason): Refused {
  return { kind: 'refused', reason, detail }
}

/** The library's complaints, by their texts: it has error classes, but no codes. */
const knownComplaints: readonly (readonly [pattern: RegExp, reason: RefusalReason])[] = [
  [/Desired gen in the past/, 'replayed'],
  [/epoch too old/, 'too-old'],
  [/within Lifetime/, 'expired'],
  [/removed from group/, 'removed'],
  [/Invalid CipherSuite/, 'wrong-suite'],
]

/** For whatever was thrown while hostile bytes were processed; the library throws plain `TypeError` too. */
export function refusalOf(thrown: unknown): Refused {
  const detail = thrown instanceof Error ? `${thrown.name}: ${thrown.message}`.slice(0, 200) : 'unknown'
  if (thrown instanceof MalformedError) return refuse('malformed', detail)
  const known = knownComplaints.find(([pattern]) => pattern.test(detail))
  return refuse(known?.[1] ?? 'not-authentic', detail)
}

/** Runs `attempt`; whatever it throws becomes a refusal. */
export async function guarded<T extends { readonly kind: string }>(
  attempt: () => Promise<T>,
): Promise<T | Refused> {
  try {
    return await attempt()
  } catch (thrown) {
    return refusalOf(thrown)
  }
}
