/**
 * /stage.html?screen=contacts&theme=dark&lang=en&size=large shows one screen without a server. Not in the product.
 * `stage.show({ screen: 'contacts' })` goes on to another one without loading, with a core of its own.
 */
import { createRoot, type Root } from 'react-dom/client'
import '../src/app/tokens.css'
import '../src/app/base.css'
import { App } from '../src/app/app.tsx'
import { defaultSettings } from '../src/app/look.ts'
import { makeViewCache } from '../src/core/view-cache.ts'
import { screens } from './screens.ts'
import { makeStageCore } from './stage-core.ts'
// what the product loads later is here at once, so that whoever looks need not wait for it
import '../src/app/quick-switcher.tsx'
import '../src/app/shortcuts-dialog.tsx'
import '../src/chats/details-pane.tsx'
import '../src/chats/new-chat-dialog.tsx'
import '../src/chats/new-group-dialog.tsx'
import '../src/contacts/contacts-area.tsx'
import '../src/onboarding/onboarding.tsx'
import '../src/settings/settings-area.tsx'

interface Look {
  readonly screen: string
  readonly theme?: string | undefined
  readonly lang?: string | undefined
  readonly size?: string | undefined
}

let root: Root | undefined

function show(look: Look): void {
  const place = document.getElementById('root')
  const screen = screens[look.screen]
  if (screen === undefined || place === null) {
    document.body.append(`Screens: ${Object.keys(screens).join(', ')}`)
    return
  }
  root?.unmount()
  // nothing of the former screen is remembered
  localStorage.clear()
  sessionStorage.clear()
  const { theme, size } = look
  const language = look.lang === 'en' ? 'en' : 'de'
  const core = makeStageCore()
  const settings = {
    ...defaultSettings,
    language,
    theme: theme === 'dark' || theme === 'light' ? theme : 'system',
    textSize: size === 'large' || size === 'small' ? size : 'normal',
  } as const
  screen.prepare({ core, language, settings })
  history.replaceState(null, '', screen.path)
  Object.assign(window, { stageCore: core })
  root = createRoot(place)
  root.render(<App access={{ client: core, views: makeViewCache(core) }} />)
}

Object.assign(window, { stage: { show } })
show({ screen: 'chats', ...Object.fromEntries(new URLSearchParams(location.search)) })
