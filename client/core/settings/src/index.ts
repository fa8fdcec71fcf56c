/** The app settings: one declared table, its defaults, and safe reading. */
export { changeSettings, defaultSettings, parseSettings } from './settings.ts'
