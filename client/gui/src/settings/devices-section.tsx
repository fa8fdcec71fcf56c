import type { DeviceView } from '@brieftaube/contract'
import { EllipsisVertical, Laptop, LogOut, Pencil, Smartphone } from 'lucide-react'
import { useState } from 'react'
import { useAct } from '../app/use-act.ts'
import { useView } from '../core/use-view.ts'
import { useAnnouncer } from '../kit/announcer.tsx'
import { Box, BoxLine } from '../kit/box.tsx'
import { ConfirmDialog } from '../kit/confirm-dialog.tsx'
import { MenuButton } from '../kit/menu.tsx'
import { Spinner } from '../kit/spinner.tsx'
import { useSpeech, useTexts } from '../texts/use-texts.ts'
import { useNow } from '../texts/use-now.ts'
import { LogOutDialog } from './log-out-dialog.tsx'
import { RenameDeviceDialog } from './rename-device-dialog.tsx'
import styles from './settings.module.css'
import { settingsTexts } from './texts.ts'

export function DevicesSection() {
  const texts = useTexts(settingsTexts)
  const devices = useView('devices')
  if (devices === undefined) return <Spinner centered label={texts.loading} />
  const others = devices
    .filter((device) => !device.current)
    .sort((left, right) => right.lastSeenAt - left.lastSeenAt)
  return (
    <>
      <Box title={texts.thisDevice}>
        {devices
          .filter((device) => device.current)
          .map((device) => (
            <DeviceLine key={device.device} device={device} />
          ))}
      </Box>
      <Box title={texts.otherDevices} note={others.length === 0 ? undefined : texts.devicesNote}>
        {others.length === 0 ? (
          <BoxLine label={texts.noOtherDevices} />
        ) : (
          others.map((device) => <DeviceLine key={device.device} device={device} />)
        )}
      </Box>
    </>
  )
}

function DeviceLine({ device }: { readonly device: DeviceView }) {
  const texts = useTexts(settingsTexts)
  const { dates } = useSpeech()
  const now = useNow()
  const [dialog, setDialog] = useState<'rename' | 'end'>()
  const Icon = /android|iphone|ipad|phone|handy/i.test(device.name) ? Smartphone : Laptop
  return (
    <>
      <BoxLine
        icon={<Icon aria-hidden="true" />}
        label={<bdi>{device.name}</bdi>}
        hint={
          device.current
            ? texts.deviceSince(dates.date(device.createdAt))
            : texts.deviceSeen(dates.since(device.lastSeenAt, now))
        }
        end={
          <MenuButton
            label={texts.deviceMenu(device.name)}
            icon={<EllipsisVertical />}
            groups={[
              [
                {
                  id: 'rename',
                  label: texts.renameDevice,
                  icon: <Pencil />,
                  onSelect: () => setDialog('rename'),
                },
                {
                  id: 'end',
                  label: texts.revoke,
                  icon: <LogOut />,
                  danger: true,
                  onSelect: () => setDialog('end'),
                },
              ],
            ]}
          />
        }
      />
      {dialog === 'rename' && <RenameDeviceDialog device={device} onClose={() => setDialog(undefined)} />}
      {dialog === 'end' &&
        (device.current ? (
          <LogOutDialog onClose={() => setDialog(undefined)} />
        ) : (
          <RevokeDialog device={device} onClose={() => setDialog(undefined)} />
        ))}
    </>
  )
}

function RevokeDialog({ device, onClose }: { readonly device: DeviceView; readonly onClose: () => void }) {
  const texts = useTexts(settingsTexts)
  const act = useAct()
  const { toast } = useAnnouncer()

  async function revoke(): Promise<boolean> {
    const outcome = await act('revokeDevice', { device: device.device })
    if (outcome.kind === 'failed') return false
    toast({ text: texts.revoked(device.name) })
    return true
  }

  return (
    <ConfirmDialog
      danger
      title={texts.revokeTitle(device.name)}
      confirmLabel={texts.revoke}
      cancelLabel={texts.cancel}
      closeLabel={texts.close}
      onConfirm={revoke}
      onClose={onClose}
    >
      <p className={styles.soft}>{texts.revokeText}</p>
    </ConfirmDialog>
  )
}
