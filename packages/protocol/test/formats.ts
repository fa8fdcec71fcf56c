/** Every binary format of the wire with its two directions and a source of random values, for the tests that go over all. */
import fc from 'fast-check'
import {
  decodeAppend,
  decodeAppended,
  decodeClaimedKeyPackages,
  decodeCommitBundle,
  decodeEntries,
  decodeEntry,
  decodeFromEphemeral,
  decodeGroupCreation,
  decodeJoinPoint,
  decodeKeyPackageUpload,
  decodeToEphemeral,
  decodeWelcomes,
  encodeAppend,
  encodeAppended,
  encodeCertificate,
  encodeClaimedKeyPackages,
  encodeCommitBundle,
  encodeEntries,
  encodeEntry,
  encodeFromEphemeral,
  encodeGroupCreation,
  encodeJoinPoint,
  encodeKeyPackageUpload,
  encodeRevocationStatement,
  encodeToEphemeral,
  encodeWelcomes,
  parseCertificate,
  parseRevocationStatement,
  type Bytes,
} from '../src/index.ts'
import * as values from './values.ts'

export interface Format {
  readonly name: string
  readonly encode: (value: unknown) => Bytes
  readonly decode: (bytes: Uint8Array) => unknown
  readonly values: fc.Arbitrary<unknown>
}

function format<Value>(
  name: string,
  encode: (value: Value) => Bytes,
  decode: (bytes: Uint8Array) => Value,
  arbitrary: fc.Arbitrary<Value>,
): Format {
  return { name, encode: (value) => encode(value as Value), decode, values: arbitrary }
}

export const formats: readonly Format[] = [
  format('append', encodeAppend, decodeAppend, values.append),
  format('appended', encodeAppended, decodeAppended, fc.array(values.appended, { maxLength: 4 })),
  format('entry', encodeEntry, decodeEntry, values.entry),
  format('entries', encodeEntries, decodeEntries, fc.array(values.entry, { maxLength: 3 })),
  format('commit-bundle', encodeCommitBundle, decodeCommitBundle, values.commitBundle),
  format('group-creation', encodeGroupCreation, decodeGroupCreation, values.groupCreation),
  format('join-point', encodeJoinPoint, decodeJoinPoint, values.joinPoint),
  format('welcomes', encodeWelcomes, decodeWelcomes, fc.array(values.pendingWelcome, { maxLength: 3 })),
  format('key-package-upload', encodeKeyPackageUpload, decodeKeyPackageUpload, values.keyPackageUpload),
  format(
    'claimed-key-packages',
    encodeClaimedKeyPackages,
    decodeClaimedKeyPackages,
    fc.array(values.claimedKeyPackage, { maxLength: 3 }),
  ),
  format('to-ephemeral', encodeToEphemeral, decodeToEphemeral, values.toEphemeral),
  format('from-ephemeral', encodeFromEphemeral, decodeFromEphemeral, values.fromEphemeral),
  format('device-certificate', encodeCertificate, parseCertificate, values.certificate),
  format(
    'revocation-statement',
    encodeRevocationStatement,
    parseRevocationStatement,
    values.revocationStatement,
  ),
]
