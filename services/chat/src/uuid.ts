/** Ids are `uuid` columns: 16 raw bytes, compared fast; on the wire they are base64url. */
import type { AnyId } from '@brieftaube/protocol'

/** As a query parameter. */
export function toUuid(id: AnyId): string {
  return Buffer.from(id, 'base64url').toString('hex')
}

/** From a query's row. */
export function fromUuid<Id extends AnyId>(uuid: string): Id {
  return Buffer.from(uuid.replaceAll('-', ''), 'hex').toString('base64url') as Id
}
