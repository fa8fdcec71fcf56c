/** The recovery key as it is written: groups of four, letters and digits. */

const GROUP = 4

/** What was typed or pasted, in groups of four; case and separators do not matter. */
export function formatRecoveryKey(text: string): string {
  const characters = text.toUpperCase().replace(/[^0-9A-Z]/gu, '')
  return characters.match(new RegExp(`.{1,${GROUP}}`, 'gu'))?.join('-') ?? ''
}

/** The groups of a key, for drawing. */
export function recoveryKeyGroups(key: string): readonly string[] {
  return formatRecoveryKey(key).split('-')
}

/** What is compared with the end of the key. */
export function typedLastCharacters(text: string): string {
  return text
    .toUpperCase()
    .replace(/[^0-9A-Z]/gu, '')
    .slice(0, GROUP)
}
