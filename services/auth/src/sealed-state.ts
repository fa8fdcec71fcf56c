/** What a client carries from the start of an exchange to its finish: sealed, with its end in it. */
import { ProtocolError } from '@brieftaube/protocol'
import { z } from 'zod'
import type { Sealer, SealingPurpose } from './sealing.ts'

export function sealState(sealer: Sealer, purpose: SealingPurpose, state: object, expiresAt: number): string {
  return sealer.seal(purpose, JSON.stringify({ expiresAt, state }))
}

const envelopeSchema = z.strictObject({ expiresAt: z.int(), state: z.unknown() })

/** Throws `login-expired` for what is too old or was never sealed here. */
export function openState<T>(
  sealer: Sealer,
  purpose: SealingPurpose,
  sealed: string,
  options: { schema: z.ZodType<T>; now: number },
): T {
  const text = sealer.open(purpose, sealed)
  const envelope = text === undefined ? undefined : envelopeSchema.parse(JSON.parse(text))
  if (envelope === undefined || envelope.expiresAt <= options.now) {
    throw new ProtocolError('login-expired', 'This took too long; begin again.')
  }
  return options.schema.parse(envelope.state)
}
