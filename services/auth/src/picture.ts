/**
 * Pictures are judged by their content: PNG, JPEG or WebP whose structure is whole, square, at most 512 px a side, and
 * with nothing after the image's end (a second file hidden behind it).
 */
import { equalBytes, ProtocolError } from '@brieftaube/protocol'

export const pictureMaxPixels = 512

export interface PictureShape {
  readonly contentType: 'image/png' | 'image/jpeg' | 'image/webp'
  readonly width: number
  readonly height: number
}

/** Throws `malformed`. */
export function checkPicture(bytes: Uint8Array): PictureShape {
  const shape = parsePng(bytes) ?? parseJpeg(bytes) ?? parseWebp(bytes)
  if (shape === undefined) throw new ProtocolError('malformed', 'The picture must be a PNG, JPEG or WebP.')
  const { width, height } = shape
  if (width !== height || width < 1 || width > pictureMaxPixels) {
    throw new ProtocolError(
      'malformed',
      `The picture must be square, at most ${pictureMaxPixels} pixels a side.`,
    )
  }
  return shape
}

const pngSignature = Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a)

/** PNG (W3C, third edition): chunks of length u32, type 4, data, checksum 4; IHDR first, IEND last, no animation. */
function parsePng(bytes: Uint8Array): PictureShape | undefined {
  if (!equalBytes(bytes.subarray(0, 8), pngSignature)) return undefined
  const view = viewOf(bytes)
  let shape: PictureShape | undefined
  let offset = 8
  while (offset + 12 <= bytes.length) {
    const size = view.getUint32(offset)
    const type = letters(bytes, offset + 4, 4)
    if (offset + 12 + size > bytes.length || type === 'acTL') return undefined
    if (offset === 8) {
      if (type !== 'IHDR' || size !== 13) return undefined
      shape = { contentType: 'image/png', width: view.getUint32(16), height: view.getUint32(20) }
    }
    offset += 12 + size
    if (type === 'IEND') return offset === bytes.length ? shape : undefined
  }
  return undefined
}

/** JPEG (ITU-T T.81, annex B): marker segments; the frame header SOFn holds the size; EOI is the end. */
function parseJpeg(bytes: Uint8Array): PictureShape | undefined {
  if (bytes[0] !== 0xff || bytes[1] !== 0xd8) return undefined
  if (bytes.at(-2) !== 0xff || bytes.at(-1) !== 0xd9) return undefined
  const view = viewOf(bytes)
  let shape: PictureShape | undefined
  let offset = 2
  while (offset + 4 <= bytes.length && bytes[offset] === 0xff) {
    const marker = bytes[offset + 1] ?? 0
    const size = view.getUint16(offset + 2)
    if (size < 2 || offset + 2 + size > bytes.length) return undefined
    const isFrame = marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker)
    if (isFrame && size >= 8) {
      shape = {
        contentType: 'image/jpeg',
        width: view.getUint16(offset + 7),
        height: view.getUint16(offset + 5),
      }
    }
    offset += 2 + size
    if (marker === 0xda) return endsOnce(bytes, offset) ? shape : undefined
  }
  return undefined
}

/** In entropy-coded data 0xff is followed by 0x00 or a marker, and EOI comes exactly once: at the end. */
function endsOnce(bytes: Uint8Array, from: number): boolean {
  for (let offset = from; offset + 1 < bytes.length; offset++) {
    if (bytes[offset] === 0xff && bytes[offset + 1] === 0xd9) return offset + 2 === bytes.length
  }
  return false
}

/** WebP (RFC 9649): RIFF container of exact size; VP8, VP8L or VP8X first; no animation. */
function parseWebp(bytes: Uint8Array): PictureShape | undefined {
  if (bytes.length < 30 || letters(bytes, 0, 4) !== 'RIFF' || letters(bytes, 8, 4) !== 'WEBP')
    return undefined
  const view = viewOf(bytes)
  if (view.getUint32(4, true) + 8 !== bytes.length) return undefined
  const contentType = 'image/webp'
  switch (letters(bytes, 12, 4)) {
    case 'VP8 ': {
      const sound = bytes[23] === 0x9d && bytes[24] === 0x01 && bytes[25] === 0x2a
      if (!sound) return undefined
      return {
        contentType,
        width: view.getUint16(26, true) & 0x3fff,
        height: view.getUint16(28, true) & 0x3fff,
      }
    }
    case 'VP8L': {
      if (bytes[20] !== 0x2f) return undefined
      const packed = view.getUint32(21, true)
      return { contentType, width: (packed & 0x3fff) + 1, height: ((packed >>> 14) & 0x3fff) + 1 }
    }
    case 'VP8X': {
      const animated = ((bytes[20] ?? 0) & 0x02) !== 0
      if (animated) return undefined
      return {
        contentType,
        width: (view.getUint32(24, true) & 0xffffff) + 1,
        height: (view.getUint32(26, true) >>> 8) + 1,
      }
    }
    default:
      return undefined
  }
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
}

function letters(bytes: Uint8Array, offset: number, count: number): string {
  return String.fromCharCode(...bytes.subarray(offset, offset + count))
}
