/** What a backup says about itself: its first part, and its last, without which it is not complete. */
import { z } from 'zod'

export const schemas = ['auth', 'chat'] as const
export type SchemaName = (typeof schemas)[number]

const nameSchema = z.string().regex(/^[a-z_]{1,63}$/)

const tableSchema = z.strictObject({
  schema: z.enum(schemas),
  table: nameSchema,
  columns: z.array(nameSchema).min(1),
})
export type TableShape = z.infer<typeof tableSchema>

export const manifestSchema = z.strictObject({
  product: z.literal('brieftaube'),
  format: z.literal(1),
  /** Milliseconds since 1970. */
  at: z.int().min(0),
  /** Applied migrations by schema. */
  migrations: z.strictObject({ auth: z.array(z.string()), chat: z.array(z.string()) }),
  /** In an order in which every row finds what it refers to. */
  tables: z.array(tableSchema),
})
export type Manifest = z.infer<typeof manifestSchema>

export const manifestPart = 'manifest.json'
export const endPart = 'end.json'
export const secretsFolder = 'secrets/'

/** What cannot be made anew without locking everybody out. Passwords of the database and the cache are each server's own. */
export const secretNames = [
  'signing-keys',
  'opaque-server-setup',
  'sealing-key',
  'pepper',
  'internal-secret',
  'vapid',
] as const
