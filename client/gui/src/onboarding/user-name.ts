/** Rules for names that a person chooses; the same that the server keeps. */
import { limits } from '@brieftaube/contract'

export type UserNameProblem = 'empty' | 'short' | 'long' | 'characters' | 'edge'

/** What is wrong with a user name; undefined when nothing is. */
export function userNameProblem(name: string): UserNameProblem | undefined {
  if (name === '') return 'empty'
  if (!/^[a-z0-9._-]*$/.test(name)) return 'characters'
  if (/^[._-]|[._-]$/.test(name)) return 'edge'
  if (name.length < limits.userNameMinChars) return 'short'
  if (name.length > limits.userNameMaxChars) return 'long'
  return undefined
}

/** What was typed in the form that names have: lower case, without "@" in front and without spaces. */
export function typedUserName(text: string): string {
  return text.trim().replace(/^@/, '').toLowerCase().replace(/\s+/gu, '.')
}

/** A user name for a display name: "Jörg Weiß" becomes "joerg.weiss"; '' when nothing usable is left. */
export function suggestUserName(displayName: string): string {
  const plain = displayName
    .trim()
    .toLowerCase()
    .replaceAll('ä', 'ae')
    .replaceAll('ö', 'oe')
    .replaceAll('ü', 'ue')
    .replaceAll('ß', 'ss')
    .replaceAll('ı', 'i')
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .replace(/[^a-z0-9]+/gu, '.')
    .slice(0, limits.userNameMaxChars)
  return plain.replace(/^\.+|\.+$/gu, '')
}
