/**
 * A device revocation, signed by the account key, as the auth service and the members of a group check it. It is the
 * kind `device-revoked` of a notice (group-policy, notice.ts), which has the same bytes:
 * version u8 (1) · kind u8 (1) · account 16 · device 16 · issued-at u64 (ms) · Ed25519 signature 64
 * over "brieftaube/revoke/v1" ‖ account ‖ device ‖ issued-at.
 */
import { concatBytes, encodeText, MalformedError, Reader, Writer, type Bytes } from './bytes.ts'
import { signatureBytes } from './device-certificate.ts'
import { idBytes, idFromBytes, idToBytes, type AccountId, type DeviceId } from './ids.ts'

export const revocationStatementLabel = 'brieftaube/revoke/v1'
const version = 1
const kind = 1

export interface RevocationStatement {
  readonly account: AccountId
  readonly device: DeviceId
  /** Milliseconds since 1970, by the signing device's clock. */
  readonly issuedAt: number
  /** Ed25519, 64 bytes. */
  readonly signature: Bytes
}

type StatementFields = Omit<RevocationStatement, 'signature'>

function encodeFields(fields: StatementFields): Bytes {
  return new Writer(40)
    .raw(idToBytes(fields.account))
    .raw(idToBytes(fields.device))
    .u64(fields.issuedAt)
    .finish()
}

/** What the account key signs. */
export function revocationSignedBytes(fields: StatementFields): Bytes {
  return concatBytes(encodeText(revocationStatementLabel), encodeFields(fields))
}

export function encodeRevocationStatement(statement: RevocationStatement): Bytes {
  return concatBytes(Uint8Array.of(version, kind), encodeFields(statement), statement.signature)
}

/** Throws `MalformedError`. Does not check the signature. */
export function parseRevocationStatement(bytes: Uint8Array): RevocationStatement {
  const reader = new Reader(bytes)
  if (reader.u8() !== version || reader.u8() !== kind) throw new MalformedError('not a device revocation')
  const statement = {
    account: idFromBytes<AccountId>(reader.raw(idBytes)),
    device: idFromBytes<DeviceId>(reader.raw(idBytes)),
    issuedAt: reader.u64(),
    signature: reader.raw(signatureBytes),
  }
  reader.end()
  return statement
}
