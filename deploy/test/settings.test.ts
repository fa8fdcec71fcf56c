import { readFileSync } from 'node:fs'
import path from 'node:path'
import { expect, test } from 'vitest'
import { parseSettings, settingPrefix, settingTable } from '@brieftaube/deploy'

const example = readFileSync(path.resolve(import.meta.dirname, '../settings.example.env'), 'utf8')
const sound = 'BRIEFTAUBE_ADDRESS=https://chat.my-club.org\n'

test('an address is enough, and the rest has defaults', () => {
  const settings = parseSettings(sound)
  expect(settings).toMatchObject({ host: 'chat.my-club.org', tls: 'files', registration: 'invite-only' })
  expect(settings.values.HTTPS_PORT).toBe('443')
})

test('the example works once its address is changed', () => {
  expect(() => parseSettings(example)).toThrow(/write the address of your server into BRIEFTAUBE_ADDRESS/)
  expect(parseSettings(example.replace('chat.example.org', 'chat.my-club.org')).origin).toBe(
    'https://chat.my-club.org',
  )
})

test('the example documents every setting with its default', () => {
  for (const [name, setting] of Object.entries(settingTable)) {
    const line = new RegExp(`^#?${settingPrefix}${name}=(.*)$`, 'm').exec(example)
    expect(line, name).not.toBeNull()
    const fallback = 'fallback' in setting ? setting.fallback : ''
    if (fallback !== '') expect(line?.[1], name).toBe(fallback)
  }
})

test('quotes, comments and empty lines are allowed', () => {
  const text = `# who we are\n\nBRIEFTAUBE_NAME="Verein für Tauben"\n${sound}`
  expect(parseSettings(text).name).toBe('Verein für Tauben')
})

const wrong: [string, RegExp][] = [
  ['', /write the address/],
  [
    'BRIEFTAUBE_ADRESS=https://chat.my-club.org',
    /line 1: BRIEFTAUBE_ADRESS is not a setting; did you mean BRIEFTAUBE_ADDRESS\?/,
  ],
  [`${sound}FOO=1`, /line 2: FOO is not a setting; delete the line/],
  [`${sound}BRIEFTAUBE_TLS=letsencrypt`, /line 2: BRIEFTAUBE_TLS must be one of files, acme, proxy/],
  [`${sound}${sound}`, /line 2: BRIEFTAUBE_ADDRESS is already set in line 1/],
  [`${sound}just words`, /line 2: is not of the form NAME=value/],
  [`${sound}BRIEFTAUBE_NAME=a$b`, /line 2: the value of BRIEFTAUBE_NAME may hold no \$/],
  [`${sound}BRIEFTAUBE_NAME=Tauben # our club`, /put the comment on a line of its own/],
  ['BRIEFTAUBE_ADDRESS=https://chat.my-club.org/', /must be an address like/],
  ['BRIEFTAUBE_ADDRESS=chat.my-club.org', /must be an address like/],
  ['BRIEFTAUBE_ADDRESS=http://chat.my-club.org', /must begin with https:\/\/ when BRIEFTAUBE_TLS is files/],
  [`${sound}BRIEFTAUBE_HTTP_PORT=80808`, /BRIEFTAUBE_HTTP_PORT must be a port/],
  [`${sound}BRIEFTAUBE_CHAT_MEMORY=1 GB`, /BRIEFTAUBE_CHAT_MEMORY must be a size like 256m or 1g/],
  [
    `${sound}BRIEFTAUBE_TLS=acme\nCOMPOSE_PROFILES=acme`,
    /write your e-mail address into BRIEFTAUBE_ACME_EMAIL/,
  ],
  [
    `${sound}BRIEFTAUBE_TLS=acme\nBRIEFTAUBE_ACME_EMAIL=a@my-club.org`,
    /needs the line COMPOSE_PROFILES=acme/,
  ],
  [`${sound}COMPOSE_PROFILES=acme`, /fetches certificates that nobody uses/],
  [`${sound}BRIEFTAUBE_TRUSTED_PROXIES=10.0.0.0/8`, /only for BRIEFTAUBE_TLS=proxy/],
  [`${sound}BRIEFTAUBE_TLS=proxy\nBRIEFTAUBE_TRUSTED_PROXIES=10.0.0.0/40`, /must be addresses or networks/],
]

test.each(wrong)('“%s” stops the start', (text, sentence) => {
  expect(() => parseSettings(text)).toThrow(sentence)
})
