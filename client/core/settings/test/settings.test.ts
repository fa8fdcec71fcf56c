import { changeSettings, defaultSettings, parseSettings } from '@brieftaube/settings'
import { describe, expect, test } from 'vitest'

describe('settings', () => {
  test.each([undefined, null, 'text', 7, [], { surprise: 1 }])(
    'are the defaults when %j is stored',
    (stored) => {
      expect(parseSettings(stored)).toEqual(defaultSettings)
    },
  )

  test('keep what is good and replace what is not', () => {
    const stored = {
      theme: 'dark',
      language: 'klingon',
      enterSends: 'yes',
      listWidth: 99_999,
      sendTyping: false,
    }
    expect(parseSettings(stored)).toEqual({
      ...defaultSettings,
      theme: 'dark',
      listWidth: 640,
      sendTyping: false,
    })
  })

  test('survive writing and reading', () => {
    const settings = changeSettings(defaultSettings, { theme: 'light', textSize: 'large', listWidth: 300.4 })
    expect(settings).toEqual({ ...defaultSettings, theme: 'light', textSize: 'large', listWidth: 300 })
    expect(parseSettings(JSON.parse(JSON.stringify(settings)))).toEqual(settings)
  })

  test('stay the same object when a change changes nothing', () => {
    expect(
      changeSettings(defaultSettings, { theme: 'system', listWidth: NaN, unknown: 1, language: undefined }),
    ).toBe(defaultSettings)
  })

  test('take no names from a prototype', () => {
    expect(changeSettings(defaultSettings, Object.create({ theme: 'dark' }))).toBe(defaultSettings)
    expect(parseSettings(JSON.parse('{"__proto__": {"theme": "dark"}}'))).toEqual(defaultSettings)
  })
})
