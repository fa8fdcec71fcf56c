import {
  Info,
  Keyboard,
  KeyRound,
  Lock,
  MonitorSmartphone,
  Palette,
  UserRound,
  type LucideIcon,
} from 'lucide-react'
import type { ReactNode } from 'react'
import { AreaPanes } from '../app/area-panes.tsx'
import { goBack } from '../app/router.ts'
import { pathOf, settingsSections, type SettingsSection } from '../app/routes.ts'
import { useView } from '../core/use-view.ts'
import { Avatar } from '../kit/avatar.tsx'
import { BoxColumn } from '../kit/box.tsx'
import { ListRow } from '../kit/list-row.tsx'
import { PaneHeader } from '../kit/pane-header.tsx'
import { useTexts } from '../texts/use-texts.ts'
import { AboutSection } from './about-section.tsx'
import { AccountSection } from './account-section.tsx'
import { AppearanceSection } from './appearance-section.tsx'
import { DevicesSection } from './devices-section.tsx'
import { KeyboardSection } from './keyboard-section.tsx'
import { PrivacySection } from './privacy-section.tsx'
import { ProfileSection } from './profile-section.tsx'
import styles from './settings.module.css'
import { settingsTexts } from './texts.ts'

export interface SettingsAreaProps {
  /** undefined: a narrow window shows the list, a wide one the profile beside it. */
  readonly section: SettingsSection | undefined
}

const icons: Readonly<Record<SettingsSection, LucideIcon>> = {
  profile: UserRound,
  account: KeyRound,
  devices: MonitorSmartphone,
  appearance: Palette,
  privacy: Lock,
  keyboard: Keyboard,
  about: Info,
}

export function SettingsArea({ section }: SettingsAreaProps) {
  const texts = useTexts(settingsTexts)
  const shown = section ?? 'profile'
  return (
    <AreaPanes
      list={<SectionList current={section} />}
      main={
        <>
          <PaneHeader
            title={texts.sections[shown]}
            back={{ label: texts.back, onBack: () => goBack({ kind: 'settings', section: undefined }) }}
          />
          <BoxColumn key={shown}>
            <SectionBody section={shown} />
          </BoxColumn>
        </>
      }
      front={section === undefined ? 'list' : 'main'}
      labels={{ list: texts.listName, main: texts.sections[shown] }}
    />
  )
}

function SectionList({ current }: { readonly current: SettingsSection | undefined }) {
  const texts = useTexts(settingsTexts)
  const profile = useView('profile')
  return (
    <>
      <PaneHeader level={1} title={texts.title} />
      <ul className={styles.list}>
        {settingsSections.map((section) => (
          <li key={section}>
            {section === 'profile' ? (
              <ListRow
                href={pathOf({ kind: 'settings', section })}
                current={current === section}
                className={styles.profileRow}
                leading={
                  <Avatar
                    name={profile?.displayName ?? ''}
                    seed={profile?.account ?? ''}
                    picture={profile?.picture}
                    size={48}
                  />
                }
                title={<bdi>{profile?.displayName ?? texts.sections.profile}</bdi>}
                subtitle={texts.editProfile(profile?.userName ?? '')}
              />
            ) : (
              <SectionRow section={section} current={current === section} />
            )}
          </li>
        ))}
      </ul>
    </>
  )
}

function SectionRow({ section, current }: { readonly section: SettingsSection; readonly current: boolean }) {
  const texts = useTexts(settingsTexts)
  const Icon = icons[section]
  return (
    <ListRow
      href={pathOf({ kind: 'settings', section })}
      current={current}
      leading={
        <span className={styles.icon}>
          <Icon aria-hidden="true" />
        </span>
      }
      title={texts.sections[section]}
      subtitle={texts.sectionHints[section]}
    />
  )
}

function SectionBody({ section }: { readonly section: SettingsSection }): ReactNode {
  switch (section) {
    case 'profile':
      return <ProfileSection />
    case 'account':
      return <AccountSection />
    case 'devices':
      return <DevicesSection />
    case 'appearance':
      return <AppearanceSection />
    case 'privacy':
      return <PrivacySection />
    case 'keyboard':
      return <KeyboardSection />
    case 'about':
      return <AboutSection />
  }
}
