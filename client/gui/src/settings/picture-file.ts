/** From a chosen file to a small square picture. Drawing it anew leaves place, camera and time of a photo behind. */
import { limits } from '@brieftaube/contract'
import { sideOf, type Crop } from './crop.ts'

const SIDE = 512
const FILE_MAX_BYTES = 30 * 1024 * 1024
const FORMATS = ['image/webp', 'image/jpeg'] as const
const QUALITIES = [0.9, 0.82, 0.72, 0.6, 0.45, 0.3] as const
const SIDES = [SIDE, 384, 256] as const

export type OpenedPicture =
  | { readonly kind: 'picture'; readonly bitmap: ImageBitmap }
  | { readonly kind: 'too-large' }
  | { readonly kind: 'unreadable' }

export async function openPicture(file: File): Promise<OpenedPicture> {
  if (file.size > FILE_MAX_BYTES) return { kind: 'too-large' }
  try {
    return { kind: 'picture', bitmap: await createImageBitmap(file, { imageOrientation: 'from-image' }) }
  } catch {
    return { kind: 'unreadable' }
  }
}

export function drawCrop(canvas: HTMLCanvasElement, bitmap: ImageBitmap, crop: Crop): void {
  const context = canvas.getContext('2d')
  if (context === null) return
  const side = sideOf(bitmap, crop)
  context.imageSmoothingQuality = 'high'
  // Transparent pictures stand on paper.
  context.fillStyle = '#ffffff'
  context.fillRect(0, 0, canvas.width, canvas.height)
  context.drawImage(
    bitmap,
    crop.x - side / 2,
    crop.y - side / 2,
    side,
    side,
    0,
    0,
    canvas.width,
    canvas.height,
  )
}

/** At most 512 px and as many bytes as the server takes; WebP where the browser writes it, else JPEG. */
export async function encodePicture(bitmap: ImageBitmap, crop: Crop): Promise<Uint8Array | undefined> {
  const canvas = document.createElement('canvas')
  for (const side of SIDES) {
    canvas.width = side
    canvas.height = side
    drawCrop(canvas, bitmap, crop)
    for (const quality of QUALITIES) {
      for (const format of FORMATS) {
        const blob = await toBlob(canvas, format, quality)
        if (blob !== null && blob.type === format && blob.size <= limits.pictureMaxBytes) {
          return new Uint8Array(await blob.arrayBuffer())
        }
      }
    }
  }
  return undefined
}

function toBlob(canvas: HTMLCanvasElement, format: string, quality: number): Promise<Blob | null> {
  return new Promise((resolve) => {
    canvas.toBlob(resolve, format, quality)
  })
}
