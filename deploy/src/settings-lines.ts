/**
 * The form of `settings.env`: `NAME=value` lines, comments on lines of their own, a value in quotes or without. What the
 * versions of Compose read differently (`$`, backslashes, `export`, comments behind a value) is refused.
 */
import { ConfigError } from '@brieftaube/service-kit'

export interface SettingLine {
  readonly name: string
  readonly value: string
  /** Counted from 1. */
  readonly line: number
}

/** Throws `ConfigError` with one sentence per wrong line. */
export function parseSettingLines(text: string, file: string): SettingLine[] {
  const lines: SettingLine[] = []
  const problems: string[] = []
  for (const [index, raw] of text.split(/\r?\n/).entries()) {
    const written = raw.trim()
    if (written === '' || written.startsWith('#')) continue
    const line = index + 1
    const [, name, rest] = /^([A-Z][A-Z0-9_]*)=(.*)$/.exec(written) ?? []
    const before = lines.find((each) => each.name === name)
    const value = unquote(rest ?? '')
    if (name === undefined) {
      problems.push(`${file}, line ${line}: is not of the form NAME=value; write a # before a comment.`)
    } else if (value === undefined) {
      problems.push(
        `${file}, line ${line}: the value of ${name} may hold no $, \\, \` or quotes, and no comment behind it; put the comment on a line of its own.`,
      )
    } else if (before !== undefined) {
      problems.push(
        `${file}, line ${line}: ${name} is already set in line ${before.line}; delete one of them.`,
      )
    } else {
      lines.push({ name, value, line })
    }
  }
  if (problems.length > 0) throw new ConfigError(problems.join('\n'))
  return lines
}

function unquote(text: string): string | undefined {
  const inner = /^"([^"]*)"$/.exec(text)?.[1] ?? /^'([^']*)'$/.exec(text)?.[1] ?? text
  return /[$\\`"']|\s#/.test(inner) ? undefined : inner
}
