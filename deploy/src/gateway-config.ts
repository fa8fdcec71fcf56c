/** The operator's settings as the gateway understands them. */
import path from 'node:path'
import { renderGatewayConfig, type GatewaySettings, type GatewayTls } from '@brieftaube/gateway'
import { certificateNames, insideGateway } from './places.ts'
import type { Settings } from './settings.ts'

/** Docker's own name server: it knows every instance of a service, also after scaling and restarts. */
const dockerResolver = '127.0.0.11'

export function gatewayConfig(settings: Settings): string {
  return renderGatewayConfig(gatewaySettings(settings))
}

function gatewaySettings(settings: Settings): GatewaySettings {
  return {
    publicOrigin: settings.origin,
    tls: gatewayTls(settings),
    listen: { http: 8080, ...(settings.tls === 'proxy' ? {} : { https: 8443 }), health: 8079 },
    upstreams: { auth: ['auth:8081'], chat: ['chat:8082'] },
    resolver: dockerResolver,
    webRoot: insideGateway.web,
    runFolder: insideGateway.run,
    accessLog: '/dev/stdout',
    errorLog: 'stderr',
    workers: 1,
  }
}

function gatewayTls(settings: Settings): GatewayTls {
  if (settings.tls === 'proxy') return { kind: 'proxy', trusted: settings.trustedProxies }
  if (settings.tls === 'acme') {
    return {
      kind: 'acme',
      ...acmeFiles(insideGateway.acme, settings.host),
      challengeFolder: insideGateway.webroot,
    }
  }
  return {
    kind: 'files',
    certificate: path.join(insideGateway.tls, certificateNames.certificate),
    key: path.join(insideGateway.tls, certificateNames.key),
  }
}

/** Where the ACME client keeps what it fetched. */
export function acmeFiles(folder: string, host: string): { certificate: string; key: string } {
  const base = path.join(folder, 'certificates', host)
  return { certificate: `${base}.crt`, key: `${base}.key` }
}
