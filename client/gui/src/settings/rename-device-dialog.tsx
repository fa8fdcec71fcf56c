import { limits, type DeviceView } from '@brieftaube/contract'
import { useState, type SubmitEvent } from 'react'
import { useCommand } from '../core/use-command.ts'
import { Button } from '../kit/button.tsx'
import { Dialog } from '../kit/dialog.tsx'
import { TextField } from '../kit/text-field.tsx'
import { FailureBanner } from '../texts/failure-banner.tsx'
import { useTexts } from '../texts/use-texts.ts'
import styles from './settings.module.css'
import { settingsTexts } from './texts.ts'

export interface RenameDeviceDialogProps {
  readonly device: DeviceView
  readonly onClose: () => void
}

export function RenameDeviceDialog({ device, onClose }: RenameDeviceDialogProps) {
  const texts = useTexts(settingsTexts)
  const rename = useCommand('renameDevice')
  const [name, setName] = useState(device.name)
  const missing = name.trim() === ''

  async function submit(event: SubmitEvent<HTMLFormElement>): Promise<void> {
    event.preventDefault()
    if (rename.running || missing) return
    const outcome = await rename.run({ device: device.device, name: name.trim() })
    if (outcome.kind === 'done') onClose()
  }

  return (
    <Dialog title={texts.renameTitle} closeLabel={texts.close} onClose={onClose}>
      <form className={styles.form} noValidate onSubmit={(event) => void submit(event)}>
        <FailureBanner failure={rename.failure} />
        <TextField
          label={texts.deviceName}
          autoComplete="off"
          maxLength={limits.deviceNameMaxChars}
          value={name}
          onValue={setName}
          error={missing ? texts.deviceNameMissing : undefined}
        />
        <Button type="submit" variant="primary" fullWidth busy={rename.running}>
          {texts.save}
        </Button>
      </form>
    </Dialog>
  )
}
