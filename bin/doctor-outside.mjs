/** What everybody on the internet can see of a server: name, certificate, answers, the socket, the clock. */
import dns from 'node:dns/promises'
import http from 'node:http'
import https from 'node:https'
import tls from 'node:tls'
import { broken, ok, warning } from './doctor-finding.mjs'

const PATIENCE_MS = 8000
const DAY_MS = 86_400_000

export async function fromOutside(origin) {
  const url = new URL(origin)
  const findings = [await checkName(url.hostname)]
  if (findings[0].state === 'broken') return findings
  if (url.protocol === 'https:') findings.push(...(await checkCertificate(url)))
  else if (!isThisMachine(url.hostname))
    findings.push(
      broken(`${origin} is not https.`, 'Browsers encrypt only on https: set up TLS (docs/operating.md).'),
    )
  const answer = await request(url, '/api/auth/server')
  findings.push(...judgeAnswer(origin, answer))
  if (findings.at(-1).state === 'broken') return findings
  findings.push(judgeClock(answer), await checkSocket(url), await checkHidden(url))
  return findings
}

function isThisMachine(hostname) {
  return ['localhost', '127.0.0.1', '[::1]'].includes(hostname)
}

async function checkName(hostname) {
  try {
    const found = await dns.lookup(hostname.replace(/^\[|\]$/g, ''), { all: true })
    return ok(`${hostname} is ${found.map(({ address }) => address).join(', ')}.`)
  } catch {
    return broken(
      `The name ${hostname} is not known.`,
      'Make an A or AAAA record for it at your DNS provider, or mend the address.',
    )
  }
}

function checkCertificate(url) {
  return new Promise((resolve) => {
    const port = Number(url.port || 443)
    const socket = tls.connect({
      host: url.hostname,
      port,
      servername: url.hostname,
      rejectUnauthorized: false,
    })
    const done = (findings) => {
      socket.destroy()
      resolve(findings)
    }
    socket.setTimeout(PATIENCE_MS, () => done([noTls(url, port)]))
    socket.on('error', () => done([noTls(url, port)]))
    socket.on('secureConnect', () => done(judgeCertificate(url, socket)))
  })
}

function noTls(url, port) {
  return broken(
    `Nobody speaks TLS at ${url.hostname}:${port}.`,
    'Does the gateway run, and does the firewall let port 443 through?',
  )
}

function judgeCertificate(url, socket) {
  const certificate = socket.getPeerCertificate()
  const until = Date.parse(certificate.valid_to)
  const renew = 'Put a fresh certificate into deploy/tls, or look into the log of acme.'
  const findings = []
  const misnamed = tls.checkServerIdentity(url.hostname, certificate)
  if (misnamed !== undefined)
    findings.push(broken(`The certificate is not for ${url.hostname}.`, 'Take one that names this address.'))
  if (until < Date.now()) findings.push(broken(`The certificate ended on ${certificate.valid_to}.`, renew))
  else if (Date.parse(certificate.valid_from) > Date.now())
    findings.push(
      broken(`The certificate begins on ${certificate.valid_from}.`, 'Is this machine’s clock right?'),
    )
  else if (until - Date.now() < 14 * DAY_MS)
    findings.push(warning(`The certificate ends on ${certificate.valid_to}.`, renew))
  const why = socket.authorizationError?.code ?? String(socket.authorizationError ?? '')
  const isChain = !socket.authorized && !/EXPIRED|ALTNAME|NOT_YET/.test(why)
  if (isChain)
    findings.push(
      broken(
        `Browsers do not trust the certificate (${why}).`,
        'Put the whole chain into fullchain.pem: the certificate first, then the intermediate ones of its authority.',
      ),
    )
  return findings.length > 0 ? findings : [ok(`The certificate is good until ${certificate.valid_to}.`)]
}

/** `undefined`: no answer. Certificates have a check of their own. */
function request(url, path, options = {}) {
  return new Promise((resolve) => {
    const client = url.protocol === 'https:' ? https : http
    const settled = (response, body) =>
      resolve({ status: response.statusCode, headers: response.headers, body, upgraded: body === undefined })
    const sent = client.request(new URL(path, url), {
      rejectUnauthorized: false,
      timeout: PATIENCE_MS,
      ...options,
    })
    sent.on('response', (response) => {
      let body = ''
      response.on('data', (chunk) => (body = (body + chunk).slice(0, 100_000)))
      response.on('end', () => settled(response, body))
      response.on('error', () => resolve(undefined))
    })
    sent.on('upgrade', (response, socket) => {
      socket.destroy()
      settled(response, undefined)
    })
    sent.on('timeout', () => sent.destroy())
    sent.on('error', () => resolve(undefined))
    sent.end()
  })
}

function judgeAnswer(origin, answer) {
  if (answer === undefined)
    return [
      broken(
        `${origin} does not answer.`,
        'Does the gateway run (docker compose ps), and does the firewall let it through?',
      ),
    ]
  let server
  try {
    server = JSON.parse(answer.body)
  } catch {
    server = undefined
  }
  if (answer.status === 200 && typeof server?.protocolVersion === 'number')
    return [ok(`${server.name} answers, version ${server.version}, registration ${server.registration}.`)]
  if ([502, 503, 504].includes(answer.status))
    return [
      broken(
        `The gateway answers (${answer.status}), the auth service behind it does not.`,
        'Look into its log: docker compose logs auth',
      ),
    ]
  return [
    broken(
      `What answers at ${origin} is not Brieftaube (${answer.status}).`,
      'Mend the address, or let the proxy pass everything on to the gateway.',
    ),
  ]
}

function judgeClock({ headers }) {
  const off = Math.round((Date.parse(headers.date ?? '') - Date.now()) / 1000)
  if (!Number.isFinite(off) || Math.abs(off) <= 30) return ok('The clocks agree.')
  return broken(
    `The clocks of server and this machine differ by ${Math.abs(off)} seconds.`,
    'Let NTP set both: timedatectl set-ntp true',
  )
}

/** Without a ticket the socket is refused by the service itself, in its own words: then the upgrade came through. */
async function checkSocket(url) {
  const answer = await request(url, '/api/chat/socket/?EIO=4&transport=websocket', {
    headers: {
      connection: 'Upgrade',
      upgrade: 'websocket',
      origin: url.origin,
      'sec-websocket-version': '13',
      'sec-websocket-key': 'YnJpZWZ0YXViZS1kb2N0b3I=',
    },
  })
  if (answer?.upgraded === true || answer?.status === 401) return ok('WebSocket connections come through.')
  if (answer?.status === 403)
    return broken(
      `The server does not take ${url.origin} for its own address.`,
      'Set BRIEFTAUBE_ADDRESS (standalone: --public) to the address that people open.',
    )
  return broken(
    `WebSocket connections do not come through (${answer?.status ?? 'no answer'}).`,
    'Let the proxy in front pass on Upgrade and Connection (nginx: proxy_http_version 1.1 and both headers).',
  )
}

async function checkHidden(url) {
  for (const path of ['/metrics', '/readyz']) {
    const answer = await request(url, path)
    if (answer?.status === 200 && /brieftaube_|"database"/.test(answer.body ?? ''))
      return broken(
        `${path} can be read by everybody.`,
        'Publish only the gateway, never the ports of auth and chat.',
      )
  }
  return ok('Metrics and health are not public.')
}
