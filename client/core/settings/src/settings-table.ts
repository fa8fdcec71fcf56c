/** Every app setting with its default and what it accepts, in one table; the type comes from the contract. */
import type { Settings } from '@brieftaube/contract'

interface Setting<Value> {
  readonly default: Value
  /** undefined when `value` is not one of this setting. */
  readonly parse: (value: unknown) => Value | undefined
}

type SettingsTable = { readonly [Name in keyof Settings]: Setting<Settings[Name]> }

export const settingsTable: SettingsTable = {
  theme: oneOf('system', ['light', 'dark', 'system']),
  language: oneOf('system', ['de', 'en', 'system']),
  textSize: oneOf('normal', ['small', 'normal', 'large']),
  reduceMotion: yesOrNo(false),
  enterSends: yesOrNo(true),
  sendReadReceipts: yesOrNo(true),
  sendTyping: yesOrNo(true),
  listWidth: whole(360, 240, 640),
}

function oneOf<const Value extends string>(
  fallback: NoInfer<Value>,
  values: readonly Value[],
): Setting<Value> {
  return { default: fallback, parse: (value) => values.find((each) => each === value) }
}

function yesOrNo(fallback: boolean): Setting<boolean> {
  return { default: fallback, parse: (value) => (typeof value === 'boolean' ? value : undefined) }
}

/** A number beside the limits becomes the nearest one inside. */
function whole(fallback: number, min: number, max: number): Setting<number> {
  return {
    default: fallback,
    parse: (value) =>
      typeof value === 'number' && Number.isFinite(value)
        ? Math.round(Math.min(max, Math.max(min, value)))
        : undefined,
  }
}
