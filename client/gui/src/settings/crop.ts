/** Which square of a picture is taken. All in pixels of the picture, except where a canvas is named. */

export interface Size {
  readonly width: number
  readonly height: number
}

export interface Crop {
  /** The middle of the square. */
  readonly x: number
  readonly y: number
  /** 1: the largest square; 4: a quarter of its side. */
  readonly zoom: number
}

export const MAX_ZOOM = 4

export function wholeCrop(size: Size): Crop {
  return { x: size.width / 2, y: size.height / 2, zoom: 1 }
}

/** The side of the square. */
export function sideOf(size: Size, crop: Crop): number {
  return Math.min(size.width, size.height) / crop.zoom
}

/** The same crop inside the picture and the limits of the zoom. */
export function clampCrop(size: Size, crop: Crop): Crop {
  const zoom = Math.min(MAX_ZOOM, Math.max(1, crop.zoom))
  const half = sideOf(size, { ...crop, zoom }) / 2
  return {
    zoom,
    x: Math.min(size.width - half, Math.max(half, crop.x)),
    y: Math.min(size.height - half, Math.max(half, crop.y)),
  }
}

/** Moves what is seen by so many pixels of a canvas with this side. */
export function moveCrop(size: Size, crop: Crop, by: { dx: number; dy: number; canvasSide: number }): Crop {
  const scale = sideOf(size, crop) / by.canvasSide
  return clampCrop(size, { ...crop, x: crop.x - by.dx * scale, y: crop.y - by.dy * scale })
}

/** What a key does to the crop; undefined when it means nothing there. */
export function cropForKey(key: string, size: Size, crop: Crop): Crop | undefined {
  const step = sideOf(size, crop) / 20
  switch (key) {
    case 'ArrowLeft':
      return clampCrop(size, { ...crop, x: crop.x - step })
    case 'ArrowRight':
      return clampCrop(size, { ...crop, x: crop.x + step })
    case 'ArrowUp':
      return clampCrop(size, { ...crop, y: crop.y - step })
    case 'ArrowDown':
      return clampCrop(size, { ...crop, y: crop.y + step })
    case '+':
      return clampCrop(size, { ...crop, zoom: crop.zoom * 1.15 })
    case '-':
      return clampCrop(size, { ...crop, zoom: crop.zoom / 1.15 })
    default:
      return undefined
  }
}
