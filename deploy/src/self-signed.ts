/**
 * A certificate signed by its own key (X.509, RFC 5280; ECDSA with P-256): what the gateway shows until the certificate
 * authority has answered for the first time, and what tests use.
 */
import { generateKeyPairSync, randomBytes, sign } from 'node:crypto'
import { isIP } from 'node:net'

export interface KeyAndCertificate {
  /** PEM. */
  readonly key: string
  readonly certificate: string
}

const DAY_MS = 86_400_000
const ecdsaWithSha256 = sequence(oid('2a8648ce3d040302'))

/** `from` and `days` give its validity; the past is possible, for tests. */
export function createSelfSigned(
  host: string,
  { from = Date.now() - DAY_MS, days = 30 } = {},
): KeyAndCertificate {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const name = sequence(set(sequence(oid('550403'), der(0x0c, Buffer.from(host.slice(0, 64))))))
  const version3 = der(0xa0, der(0x02, Buffer.from([2])))
  const serial = der(0x02, Buffer.concat([Buffer.from([1]), randomBytes(15)]))
  const validity = sequence(time(from), time(from + days * DAY_MS))
  const subjectKey = publicKey.export({ type: 'spki', format: 'der' })
  const alternative =
    isIP(host) === 4 ? der(0x87, Buffer.from(host.split('.').map(Number))) : der(0x82, Buffer.from(host))
  const extension = sequence(oid('551d11'), der(0x04, sequence(alternative)))
  const extensions = der(0xa3, sequence(extension))
  const body = sequence(version3, serial, ecdsaWithSha256, name, validity, name, subjectKey, extensions)
  const signature = der(0x03, Buffer.concat([Buffer.from([0]), sign('sha256', body, privateKey)]))
  return {
    key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    certificate: pem(sequence(body, ecdsaWithSha256, signature)),
  }
}

function pem(bytes: Buffer): string {
  const lines = bytes.toString('base64').match(/.{1,64}/g) ?? []
  return ['-----BEGIN CERTIFICATE-----', ...lines, '-----END CERTIFICATE-----', ''].join('\n')
}

function der(tag: number, content: Buffer): Buffer {
  const { length } = content
  const header =
    length < 128
      ? [tag, length]
      : length < 256
        ? [tag, 0x81, length]
        : [tag, 0x82, length >> 8, length & 0xff]
  return Buffer.concat([Buffer.from(header), content])
}

function sequence(...parts: readonly Buffer[]): Buffer {
  return der(0x30, Buffer.concat(parts))
}

function set(...parts: readonly Buffer[]): Buffer {
  return der(0x31, Buffer.concat(parts))
}

function oid(hex: string): Buffer {
  return der(0x06, Buffer.from(hex, 'hex'))
}

/** GeneralizedTime from 2050 on, UTCTime before. */
function time(ms: number): Buffer {
  const digits = `${new Date(ms).toISOString().replace(/[-:T]/g, '').slice(0, 14)}Z`
  return Number(digits.slice(0, 4)) < 2050
    ? der(0x17, Buffer.from(digits.slice(2)))
    : der(0x18, Buffer.from(digits))
}
