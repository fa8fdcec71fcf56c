/** What a check found: its state, a sentence, and how to mend it. */
export const ok = (text) => ({ state: 'ok', text })
export const warning = (text, fix) => ({ state: 'warning', text, fix })
export const broken = (text, fix) => ({ state: 'broken', text, fix })
