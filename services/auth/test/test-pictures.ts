/** The smallest files with the structure of each picture format; the image data inside is nonsense. */

const letters = (text: string) => [...text].map((letter) => letter.charCodeAt(0))
const u32 = (value: number) => [24, 16, 8, 0].map((shift) => (value >>> shift) & 255)
const u32le = (value: number) => u32(value).reverse()
const u24le = (value: number) => u32le(value).slice(0, 3)

export function png(width: number, height: number, extra: readonly string[] = []): Uint8Array {
  const chunk = (type: string, data: readonly number[]) => [
    ...u32(data.length),
    ...letters(type),
    ...data,
    0,
    0,
    0,
    0,
  ]
  return Uint8Array.of(
    ...[0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a],
    ...chunk('IHDR', [...u32(width), ...u32(height), 8, 6, 0, 0, 0]),
    ...extra.flatMap((type) => chunk(type, [0, 0, 0, 1, 0, 0, 0, 0])),
    ...chunk('IDAT', [1, 2, 3]),
    ...chunk('IEND', []),
  )
}

export function jpeg(width: number, height: number): Uint8Array {
  const u16 = (value: number) => [value >> 8, value & 255]
  const segment = (marker: number, data: readonly number[]) => [
    0xff,
    marker,
    ...u16(data.length + 2),
    ...data,
  ]
  return Uint8Array.of(
    ...[0xff, 0xd8],
    ...segment(0xe0, [...letters('JFIF'), 0, 1, 1, 0, 0, 1, 0, 1, 0, 0]),
    ...segment(0xc0, [8, ...u16(height), ...u16(width), 1, 1, 0x11, 0]),
    ...segment(0xda, [1, 1, 0, 0, 63, 0]),
    ...[1, 2, 0xff, 0x00, 3],
    ...[0xff, 0xd9],
  )
}

export function webp(form: 'VP8 ' | 'VP8L' | 'VP8X', width: number, height: number): Uint8Array {
  const data = {
    'VP8 ': [0, 0, 0, 0x9d, 0x01, 0x2a, width & 255, width >> 8, height & 255, height >> 8],
    VP8L: [0x2f, ...u32le((width - 1) | ((height - 1) << 14)), 0, 0, 0, 0, 0],
    VP8X: [0, 0, 0, 0, ...u24le(width - 1), ...u24le(height - 1)],
  }[form]
  const body = [...letters('WEBP'), ...letters(form), ...u32le(data.length), ...data]
  return Uint8Array.of(...letters('RIFF'), ...u32le(body.length), ...body)
}
