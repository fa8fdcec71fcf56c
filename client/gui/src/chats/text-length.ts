/** How long a message may be. The core has the last word; this says so while it is written. */

/** UTF-8 bytes, so that an emoji counts four times. */
export const textMaxBytes = 16 * 1024
/** No letter of a JavaScript string takes more. */
const MAX_BYTES_PER_UNIT = 3

/** About how many letters have to go; 0 when it fits. */
export function excessOf(text: string): number {
  if (text.length * MAX_BYTES_PER_UNIT <= textMaxBytes) return 0
  const bytes = new TextEncoder().encode(text.trim()).length
  if (bytes <= textMaxBytes) return 0
  return Math.ceil(((bytes - textMaxBytes) * text.length) / bytes)
}
