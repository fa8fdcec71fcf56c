/** What tests of several packages share. */
export { badTokens, goodToken, type BadToken, type TokenSource } from './bad-tokens.ts'
