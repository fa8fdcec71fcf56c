/**
 * Links in plain text: http, https and mailto, nothing else. What a reader sees is where the link leads, so characters
 * that can disguise an address end it, and addresses with a user name in front of the host stay plain text.
 */
export type TextPart =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'link'; readonly text: string; readonly href: string }

const MAX_LINK_CHARS = 2048
/** Invisible and direction-changing characters: never part of a link. */
const DISGUISE = '\\u00ad\\u061c\\u180e\\u200b-\\u200f\\u2028-\\u202e\\u2060-\\u206f\\ufeff\\ufff9-\\ufffc'
const CANDIDATE = new RegExp(`(?:https?://|mailto:|www\\.)[^\\s<>"\`{}|\\\\^„“”«»${DISGUISE}]+`, 'giu')
const MAY_PRECEDE = /[\s([{<"'„“”‚‘’«»›‹*_~>|–—-]/u
const TRAILING = /[.,:;!?'’*_~…]$/u
/** Beside ASCII only the accented letters of European languages, without those that look like a bare ASCII letter. */
const LOOKS_LIKE_ANOTHER = /[^\p{ASCII}À-ž]|[×÷ıĸĿŀŉ]/u

/** Splits a message's text; joined together the parts are the text again. */
export function splitLinks(text: string): TextPart[] {
  const parts: TextPart[] = []
  let end = 0
  for (const match of text.matchAll(CANDIDATE)) {
    const start = match.index
    if (start < end || match[0].length > MAX_LINK_CHARS || !mayStartAt(text, start)) continue
    const candidate = trimEnd(match[0])
    const link = toLink(candidate)
    if (link === undefined) continue
    if (start > end) parts.push({ kind: 'text', text: text.slice(end, start) })
    parts.push(link)
    end = start + candidate.length
  }
  if (end < text.length) parts.push({ kind: 'text', text: text.slice(end) })
  return parts
}

function mayStartAt(text: string, start: number): boolean {
  const before = text[start - 1]
  return before === undefined || MAY_PRECEDE.test(before)
}

/** A full stop after an address belongs to the sentence, and so does a bracket that was opened before it. */
function trimEnd(candidate: string): string {
  const surplus = {
    ')': count(candidate, ')') - count(candidate, '('),
    ']': count(candidate, ']') - count(candidate, '['),
  }
  let length = candidate.length
  for (; length > 0; length -= 1) {
    const last = candidate.charAt(length - 1)
    if ((last === ')' || last === ']') && surplus[last] > 0) surplus[last] -= 1
    else if (!TRAILING.test(last)) break
  }
  return candidate.slice(0, length)
}

function count(text: string, letter: string): number {
  return text.split(letter).length - 1
}

function toLink(text: string): TextPart | undefined {
  const address = /^www\./iu.test(text) ? `https://${text}` : text
  const url = URL.canParse(address) ? new URL(address) : undefined
  switch (url?.protocol) {
    case 'http:':
    case 'https:':
      return webLink(text, address, url)
    case 'mailto:':
      return mailLink(text, url)
    default:
      return undefined
  }
}

function webLink(text: string, address: string, url: URL): TextPart | undefined {
  if (url.username !== '' || url.password !== '' || url.hostname === '') return undefined
  if (!/[.:]|^localhost$/u.test(url.hostname)) return undefined
  // A host in another script can look like a Latin one, letter by letter; then the address itself stays text.
  const host = address.slice(address.indexOf('//') + 2).split(/[/?#]/u)[0] ?? ''
  if (LOOKS_LIKE_ANOTHER.test(decodeHost(host).normalize())) return undefined
  return { kind: 'link', text, href: url.href }
}

function decodeHost(host: string): string {
  try {
    return decodeURIComponent(host)
  } catch {
    return host
  }
}

/** Only the address: a prefilled text or a hidden copy would be somebody else's idea. */
function mailLink(text: string, url: URL): TextPart | undefined {
  return /^[^@\s,;%]+@[^@\s,;%]+\.[^@\s,;%]+$/u.test(url.pathname)
    ? { kind: 'link', text, href: `mailto:${url.pathname}` }
    : undefined
}
