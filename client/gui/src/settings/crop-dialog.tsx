import { useEffect, useRef, useState, type PointerEvent } from 'react'
import { Button } from '../kit/button.tsx'
import { Dialog } from '../kit/dialog.tsx'
import { useTexts } from '../texts/use-texts.ts'
import { clampCrop, cropForKey, MAX_ZOOM, moveCrop, wholeCrop } from './crop.ts'
import { drawCrop, encodePicture } from './picture-file.ts'
import styles from './settings.module.css'
import { settingsTexts } from './texts.ts'

export interface CropDialogProps {
  readonly bitmap: ImageBitmap
  /** Answers whether it was taken. */
  readonly onPicture: (picture: Uint8Array) => Promise<boolean>
  readonly onUnreadable: () => void
  readonly onClose: () => void
}

const CANVAS_SIDE = 576

/** The square of a picture, by dragging, wheel, slider or keys. */
export function CropDialog({ bitmap, onPicture, onUnreadable, onClose }: CropDialogProps) {
  const texts = useTexts(settingsTexts)
  const canvas = useRef<HTMLCanvasElement>(null)
  const [crop, setCrop] = useState(() => wholeCrop(bitmap))
  const [running, setRunning] = useState(false)

  useEffect(() => {
    if (canvas.current !== null) drawCrop(canvas.current, bitmap, crop)
  }, [bitmap, crop])

  function drag(event: PointerEvent<HTMLCanvasElement>): void {
    if (!event.currentTarget.hasPointerCapture(event.pointerId)) return
    const by = { dx: event.movementX, dy: event.movementY, canvasSide: event.currentTarget.clientWidth }
    setCrop((before) => moveCrop(bitmap, before, by))
  }

  async function take(): Promise<void> {
    if (running) return
    setRunning(true)
    const picture = await encodePicture(bitmap, crop)
    const taken = picture !== undefined && (await onPicture(picture))
    if (picture === undefined) onUnreadable()
    setRunning(false)
    if (taken) onClose()
  }

  return (
    <Dialog
      title={texts.cropTitle}
      closeLabel={texts.close}
      onClose={onClose}
      footer={
        <>
          <Button onClick={onClose}>{texts.cancel}</Button>
          <Button variant="primary" busy={running} onClick={() => void take()}>
            {texts.usePicture}
          </Button>
        </>
      }
    >
      <div className={styles.crop}>
        <p className={styles.small}>{texts.cropHint}</p>
        <canvas
          ref={canvas}
          width={CANVAS_SIDE}
          height={CANVAS_SIDE}
          className={styles.canvas}
          role="application"
          aria-label={texts.cropArea}
          tabIndex={0}
          onPointerDown={(event) => event.currentTarget.setPointerCapture(event.pointerId)}
          onPointerMove={drag}
          onWheel={(event) => {
            const factor = event.deltaY < 0 ? 1.08 : 1 / 1.08
            setCrop((before) => clampCrop(bitmap, { ...before, zoom: before.zoom * factor }))
          }}
          onKeyDown={(event) => {
            const next = cropForKey(event.key, bitmap, crop)
            if (next === undefined) return
            event.preventDefault()
            setCrop(next)
          }}
        />
        <label className={styles.zoom}>
          {texts.zoom}
          <input
            type="range"
            min={1}
            max={MAX_ZOOM}
            step={0.01}
            value={crop.zoom}
            onChange={(event) => setCrop(clampCrop(bitmap, { ...crop, zoom: Number(event.target.value) }))}
          />
        </label>
      </div>
    </Dialog>
  )
}
