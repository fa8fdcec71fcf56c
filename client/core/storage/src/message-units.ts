/** Where the units of message logs lie, and how large they become. */

/** Tables of units: [table, conversation, seq of the unit's first line]. */
export const CHUNKS = 'messages/chunks'
export const TAIL = 'messages/tail'

export const CHUNK_LINES = 64
/** The tail gives chunks away when it has this many lines: enough stay for a screen that opens from it alone. */
export const TAIL_LINES = 2 * CHUNK_LINES
/** So many small units in the tail are sealed together again. */
export const TAIL_UNITS = 32
