/** /stage.html?screen=contacts&theme=dark&lang=en&size=large shows one screen without a server. Not in the product. */
import { createRoot } from 'react-dom/client'
import '../src/app/tokens.css'
import '../src/app/base.css'
import { App } from '../src/app/app.tsx'
import { defaultSettings } from '../src/app/look.ts'
import { makeViewCache } from '../src/core/view-cache.ts'
import { screens } from './screens.ts'
import { makeStageCore } from './stage-core.ts'

const query = new URLSearchParams(location.search)
const name = query.get('screen') ?? 'chats'
const screen = screens[name]
const root = document.getElementById('root')

if (screen === undefined || root === null) {
  document.body.append(`Screens: ${Object.keys(screens).join(', ')}`)
} else {
  const language = query.get('lang') === 'en' ? 'en' : 'de'
  const theme = query.get('theme')
  const size = query.get('size')
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
  createRoot(root).render(<App access={{ client: core, views: makeViewCache(core) }} />)
}
