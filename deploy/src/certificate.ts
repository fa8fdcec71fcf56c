/** Checks the certificate files before nginx does, whose words help nobody. */
import { createPrivateKey, X509Certificate } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { isIP } from 'node:net'
import { ConfigError } from '@brieftaube/service-kit'
import type { KeyAndCertificate } from './self-signed.ts'

export interface CertificateFiles {
  readonly certificate: string
  readonly key: string
}

/** Throws `ConfigError` when a file is missing or unreadable, or they do not fit each other, the name or the date. */
export async function checkCertificate(
  files: CertificateFiles,
  host: string,
  now = Date.now(),
): Promise<void> {
  const certificate = parseCertificate(await readText(files.certificate), files.certificate)
  const key = parseKey(await readText(files.key), files.key)
  if (!certificate.checkPrivateKey(key))
    throw new ConfigError(
      `${files.key} is not the key of ${files.certificate}; copy both from the same place.`,
    )
  if (new Date(certificate.validTo).getTime() < now)
    throw new ConfigError(`${files.certificate} expired on ${certificate.validTo}; renew it.`)
  if (new Date(certificate.validFrom).getTime() > now)
    throw new ConfigError(
      `${files.certificate} is valid from ${certificate.validFrom}; is this machine's clock right?`,
    )
  const fits = isIP(host) === 0 ? certificate.checkHost(host) : certificate.checkIP(host)
  if (fits === undefined)
    throw new ConfigError(
      `${files.certificate} is not for ${host} but for ${certificate.subjectAltName ?? 'no name'}; get one for the name in BRIEFTAUBE_ADDRESS.`,
    )
}

/** The files' texts if both are there. */
export async function readCertificate(files: CertificateFiles): Promise<KeyAndCertificate | undefined> {
  const read = (file: string) => readFile(file, 'utf8').catch(() => undefined)
  const [certificate, key] = [await read(files.certificate), await read(files.key)]
  return certificate === undefined || key === undefined ? undefined : { certificate, key }
}

async function readText(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8')
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException
    const own = process.getuid?.() ?? 0
    throw new ConfigError(
      code === 'ENOENT'
        ? `${file} is missing: copy your certificate to deploy/tls/fullchain.pem and its key to deploy/tls/privkey.pem, or set BRIEFTAUBE_TLS to acme or proxy.`
        : `${file} cannot be read by the containers. Run: chown ${own} deploy/tls/*.pem && chmod 600 deploy/tls/privkey.pem`,
      { cause },
    )
  }
}

function parseCertificate(text: string, file: string): X509Certificate {
  try {
    return new X509Certificate(text)
  } catch (cause) {
    throw new ConfigError(`${file} is not a certificate in PEM form (-----BEGIN CERTIFICATE-----).`, {
      cause,
    })
  }
}

function parseKey(text: string, file: string) {
  try {
    return createPrivateKey(text)
  } catch (cause) {
    throw new ConfigError(`${file} is not a private key in PEM form without a passphrase.`, { cause })
  }
}
