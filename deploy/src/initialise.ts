/** What happens before anything else starts: settings checked, secrets there, gateway configured, certificate sound. */
import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { ConfigError } from '@brieftaube/service-kit'
import { checkCertificate, readCertificate } from './certificate.ts'
import { acmeFiles, gatewayConfig } from './gateway-config.ts'
import { certificateNames, type Places } from './places.ts'
import { provideSecrets, put } from './secrets.ts'
import { createSelfSigned } from './self-signed.ts'
import { parseSettings, type Settings } from './settings.ts'

/** Throws `ConfigError` with what to do. Repeating it changes nothing that is there. */
export async function initialise(places: Places): Promise<Settings> {
  const settings = parseSettings(await readSettings(places.settingsFile))
  await provideSecrets({
    folders: places.secrets,
    database: places.database,
    cache: places.cache,
  })
  if (settings.tls === 'files') {
    const inFolder = (name: string) => path.join(places.tlsFolder, name)
    const files = {
      certificate: inFolder(certificateNames.certificate),
      key: inFolder(certificateNames.key),
    }
    await checkCertificate(files, settings.host)
  }
  if (settings.tls === 'acme') await providePlaceholder(places.gateway.acme, settings.host)
  await put(places.gateway.config, 'nginx.conf', gatewayConfig(settings))
  return settings
}

async function readSettings(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8')
  } catch (cause) {
    // Docker makes a folder where a file to mount is missing
    const missing = ['ENOENT', 'EISDIR'].includes((cause as NodeJS.ErrnoException).code ?? '')
    throw new ConfigError(
      missing
        ? 'deploy/settings.env is missing (remove the empty folder of that name, if there is one). Run: cp settings.example.env settings.env, and write your address into it.'
        : 'deploy/settings.env cannot be read by the containers. Run: chmod 644 settings.env',
      { cause },
    )
  }
}

/** The gateway must listen before the certificate authority can ask it anything. */
async function providePlaceholder(folder: string, host: string): Promise<void> {
  const files = acmeFiles(folder, host)
  if ((await readCertificate(files)) !== undefined) return
  const { certificate, key } = createSelfSigned(host)
  await put(path.dirname(files.key), path.basename(files.key), key)
  await put(path.dirname(files.certificate), path.basename(files.certificate), certificate)
}
