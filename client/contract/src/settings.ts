/** The app settings that a window reads and writes; declared with defaults in `core/settings`. */
export type Theme = 'light' | 'dark' | 'system'
export type Language = 'de' | 'en' | 'system'

export interface Settings {
  readonly theme: Theme
  readonly language: Language
  readonly textSize: 'small' | 'normal' | 'large'
  readonly reduceMotion: boolean
  readonly enterSends: boolean
  readonly sendReadReceipts: boolean
  readonly sendTyping: boolean
  /** Pixels. */
  readonly listWidth: number
}
