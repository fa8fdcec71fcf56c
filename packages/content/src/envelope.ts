/**
 * The envelope of every content: version, the sender's own time, and the content by its kind, as JSON in UTF-8. A kind or
 * version that this program does not know is kept as it came and shown as "not supported by this version".
 */
import { z } from 'zod'
import { decodeText, encodeText, MalformedError, type Bytes } from '@brieftaube/protocol'
import { contentMaxBytes } from './content-limits.ts'
import { groupInfoSchema } from './group-info.ts'
import { textSchema } from './text.ts'

export const contentVersion = 1

export const contentSchema = z.discriminatedUnion('kind', [textSchema, groupInfoSchema])
export type Content = z.infer<typeof contentSchema>

export interface Unsupported {
  readonly kind: 'unsupported'
  /** The kind that the sender named. */
  readonly name: string
  /** The envelope as it came, for a later version of this program. */
  readonly raw: Bytes
}

export interface Envelope {
  /** Milliseconds since 1970 as the sender claims. The log has the server's time. */
  readonly sentAt: number
  readonly content: Content | Unsupported
}

const kindMaxChars = 64
const outerSchema = z.looseObject({
  version: z.int().min(1),
  sentAt: z.int().min(0),
  content: z.looseObject({ kind: z.string().min(1).max(kindMaxChars) }),
})
const knownKinds = new Set<string>(contentSchema.options.map((option) => option.shape.kind.value))

/** Deterministic: the fields stand in the order of the schema. Throws when the content breaks its schema. */
export function encodeContent(envelope: { readonly sentAt: number; readonly content: Content }): Bytes {
  const content = contentSchema.parse(envelope.content)
  const bytes = encodeText(JSON.stringify({ version: contentVersion, sentAt: envelope.sentAt, content }))
  if (bytes.length > contentMaxBytes) throw new MalformedError('content too large')
  return bytes
}

/** Throws `MalformedError` for what no version could have meant. */
export function decodeContent(bytes: Uint8Array): Envelope {
  if (bytes.length > contentMaxBytes) throw new MalformedError('content too large')
  const outer = outerSchema.safeParse(parseJson(decodeText(bytes)))
  if (!outer.success) throw new MalformedError('not a content envelope')
  const { version, sentAt, content } = outer.data
  if (version !== contentVersion || !knownKinds.has(content.kind))
    return { sentAt, content: { kind: 'unsupported', name: content.kind, raw: Uint8Array.from(bytes) } }
  const known = contentSchema.safeParse(content)
  if (!known.success) throw new MalformedError(`not a valid ${content.kind}`)
  return { sentAt, content: known.data }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text, refuseProto)
  } catch {
    throw new MalformedError('not JSON')
  }
}

/** The schemas would drop it silently; no honest sender writes it. */
function refuseProto(key: string, value: unknown): unknown {
  if (key === '__proto__') throw new MalformedError('__proto__ in JSON')
  return value
}
