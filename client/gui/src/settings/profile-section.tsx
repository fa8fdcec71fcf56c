import { limits, type ProfileView } from '@brieftaube/contract'
import { ImagePlus, QrCode, Trash2 } from 'lucide-react'
import { useRef, useState, type SubmitEvent } from 'react'
import { navigate } from '../app/router.ts'
import { useAct } from '../app/use-act.ts'
import { useCommand } from '../core/use-command.ts'
import { useView } from '../core/use-view.ts'
import { useAnnouncer } from '../kit/announcer.tsx'
import { Avatar } from '../kit/avatar.tsx'
import { Box, BoxButton, BoxLine } from '../kit/box.tsx'
import { Button } from '../kit/button.tsx'
import { Spinner } from '../kit/spinner.tsx'
import { TextField } from '../kit/text-field.tsx'
import { FailureBanner } from '../texts/failure-banner.tsx'
import { useTexts } from '../texts/use-texts.ts'
import { CropDialog } from './crop-dialog.tsx'
import { openPicture } from './picture-file.ts'
import styles from './settings.module.css'
import { settingsTexts } from './texts.ts'

export function ProfileSection() {
  const texts = useTexts(settingsTexts)
  const profile = useView('profile')
  if (profile === undefined) return <Spinner centered label={texts.loading} />
  return (
    <>
      <Box>
        <Picture profile={profile} />
        <ProfileForm profile={profile} />
      </Box>
      <Box>
        <BoxLine
          label={texts.userName}
          hint={texts.userNameHint}
          end={<span className={styles.value}>@{profile.userName}</span>}
        />
        <BoxButton
          icon={<QrCode aria-hidden="true" />}
          label={texts.ownLink}
          hint={texts.ownLinkHint}
          onPress={() => navigate({ kind: 'person', userName: profile.userName })}
        />
      </Box>
    </>
  )
}

function Picture({ profile }: { readonly profile: ProfileView }) {
  const texts = useTexts(settingsTexts)
  const act = useAct()
  const { toast } = useAnnouncer()
  const input = useRef<HTMLInputElement>(null)
  const [bitmap, setBitmap] = useState<ImageBitmap>()
  const [removing, setRemoving] = useState(false)

  async function choose(file: File | undefined): Promise<void> {
    if (file === undefined) return
    const opened = await openPicture(file)
    if (opened.kind === 'picture') setBitmap(opened.bitmap)
    else {
      toast({
        text: opened.kind === 'too-large' ? texts.pictureTooLarge : texts.pictureUnreadable,
        tone: 'danger',
      })
    }
  }

  async function put(picture: Uint8Array | undefined): Promise<boolean> {
    const outcome = await act('setPicture', { picture })
    if (outcome.kind === 'failed') return false
    toast({ text: picture === undefined ? texts.pictureRemoved : texts.pictureSet })
    return true
  }

  async function remove(): Promise<void> {
    setRemoving(true)
    await put(undefined)
    setRemoving(false)
  }

  return (
    <div className={styles.face}>
      <Avatar name={profile.displayName} seed={profile.account} picture={profile.picture} size={96} />
      <div className={styles.faceActions}>
        <div className={styles.buttons}>
          <Button icon={<ImagePlus />} onClick={() => input.current?.click()}>
            {profile.picture === undefined ? texts.choosePicture : texts.changePicture}
          </Button>
          {profile.picture !== undefined && (
            <Button variant="quiet" icon={<Trash2 />} busy={removing} onClick={() => void remove()}>
              {texts.removePicture}
            </Button>
          )}
        </div>
        <p className={styles.small}>{texts.pictureHint}</p>
      </div>
      <input
        ref={input}
        type="file"
        accept="image/*"
        hidden
        aria-label={texts.picture}
        onChange={(event) => {
          void choose(event.target.files?.[0])
          // The same file can be chosen again.
          event.target.value = ''
        }}
      />
      {bitmap !== undefined && (
        <CropDialog
          bitmap={bitmap}
          onPicture={put}
          onUnreadable={() => toast({ text: texts.pictureUnreadable, tone: 'danger' })}
          onClose={() => setBitmap(undefined)}
        />
      )}
    </div>
  )
}

function ProfileForm({ profile }: { readonly profile: ProfileView }) {
  const texts = useTexts(settingsTexts)
  const update = useCommand('updateProfile')
  const { toast } = useAnnouncer()
  // undefined: as it is; changes from another device come through until something is typed here.
  const [typedName, setTypedName] = useState<string>()
  const [typedStatus, setTypedStatus] = useState<string>()
  const displayName = typedName ?? profile.displayName
  const statusText = typedStatus ?? profile.statusText
  const missing = displayName.trim() === ''
  const changed = displayName.trim() !== profile.displayName || statusText.trim() !== profile.statusText

  async function submit(event: SubmitEvent<HTMLFormElement>): Promise<void> {
    event.preventDefault()
    if (update.running || missing || !changed) return
    const outcome = await update.run({ displayName: displayName.trim(), statusText: statusText.trim() })
    if (outcome.kind === 'failed') return
    setTypedName(undefined)
    setTypedStatus(undefined)
    toast({ text: texts.saved })
  }

  return (
    <form className={styles.form} noValidate onSubmit={(event) => void submit(event)}>
      <FailureBanner failure={update.failure} />
      <TextField
        label={texts.displayName}
        name="name"
        autoComplete="name"
        maxLength={limits.displayNameMaxChars}
        value={displayName}
        onValue={setTypedName}
        hint={texts.displayNameHint}
        error={missing ? texts.displayNameMissing : undefined}
      />
      <TextField
        label={texts.status}
        name="status"
        autoComplete="off"
        maxLength={limits.statusTextMaxChars}
        value={statusText}
        onValue={setTypedStatus}
        hint={texts.statusHint}
      />
      <div className={styles.end}>
        <Button type="submit" variant="primary" busy={update.running} disabled={!changed || missing}>
          {texts.save}
        </Button>
      </div>
    </form>
  )
}
