import { describe, expect, it } from 'vitest'
import { splitLinks } from '../../src/chats/links.ts'

const linksIn = (text: string) => splitLinks(text).flatMap((part) => (part.kind === 'link' ? [part] : []))
const hrefs = (text: string) => linksIn(text).map((link) => link.href)

describe('links in a message', () => {
  it('are found for http, https, mailto and www, and the parts join to the text again', () => {
    const text =
      'Siehe https://example.org/a?b=1#c, www.verein.de und mailto:anna@example.org oder http://localhost:8080/x'
    expect(hrefs(text)).toEqual([
      'https://example.org/a?b=1#c',
      'https://www.verein.de/',
      'mailto:anna@example.org',
      'http://localhost:8080/x',
    ])
    expect(
      splitLinks(text)
        .map((part) => part.text)
        .join(''),
    ).toBe(text)
  })

  it('end before the punctuation of the sentence, but keep brackets that belong to them', () => {
    expect(linksIn('(siehe https://de.wikipedia.org/wiki/Taube_(Vogel)).')[0]?.text).toBe(
      'https://de.wikipedia.org/wiki/Taube_(Vogel)',
    )
    expect(linksIn('Kennst du https://example.org?!')[0]?.text).toBe('https://example.org')
    expect(linksIn('„https://example.org“')[0]?.text).toBe('https://example.org')
  })

  it.each([
    'javascript:alert(1)',
    'JaVaScRiPt:alert(1)//https://example.org',
    'data:text/html,<script>alert(1)</script>',
    'vbscript:x',
    'file:///etc/passwd',
    'blob:https://example.org/1',
    'ftp://example.org',
    'intent://example.org#Intent;end',
    'https://',
    'https:///example',
    'http://nodot',
    'mailto:',
    'mailto:anna',
    'mailto:anna@example.org,bob@example.org',
    'xhttps://example.org',
  ])('are never made of %s', (text) => {
    expect(linksIn(text)).toEqual([])
  })

  it.each([
    ['a user name that looks like the host', 'https://bank.example@evil.example/'],
    ['a password', 'https://a:b@evil.example/'],
    ['Cyrillic letters that look Latin', 'https://аpple.com/'],
    ['Greek letters that look Latin', 'https://gοogle.com/'],
    ['a dotless i', 'https://bıng.com/'],
    ['a small script g', 'https://ɡoogle.com/'],
    ['a slash that is none', 'https://bank.example⁄login.evil.example/'],
    ['escaped letters of another script', 'https://%D0%B0pple.com/'],
  ])('are not made of an address with %s', (_what, text) => {
    expect(linksIn(text)).toEqual([])
  })

  it('take umlauts in a host, which lead to its encoded form', () => {
    expect(hrefs('https://müller.de/preise')).toEqual(['https://xn--mller-kva.de/preise'])
  })

  it('end at invisible and direction-changing characters', () => {
    expect(hrefs('https://example.org/\u202egpj.exe')).toEqual(['https://example.org/'])
    expect(hrefs('https://exa\u200bmple.org')).toEqual([])
    expect(hrefs('https://example.org\u2066/x')).toEqual(['https://example.org/'])
  })

  it('drop what a mail address wants to fill in', () => {
    expect(hrefs('mailto:a@example.org?bcc=evil@example.org&body=x')).toEqual(['mailto:a@example.org'])
  })

  it('are found quickly in 20,000 letters made to be slow', () => {
    const started = performance.now()
    for (const unit of ['https://', 'www.(', 'mailto:a', 'http://a.b)))', '(((('])
      splitLinks(unit.repeat(20_000 / unit.length))
    splitLinks(`https://a.example/${')'.repeat(20_000)}`)
    expect(performance.now() - started).toBeLessThan(500)
  })
})
