/** Sizes inside the encryption; those of the wire are in `protocol/limits.ts`. */
export const textMaxBytes = 16 * 1024
export const mentionsMax = 50
export const titleMaxChars = 64
/** The whole envelope as JSON: what fits a body of the wire. */
export const contentMaxBytes = 48 * 1024
