import { describe, expect, it } from 'vitest'
import { judgePassword, loadEstimator, meterParts } from '../../src/onboarding/password-strength.ts'

describe('a password', () => {
  it('needs twelve characters, counted as a person counts them', () => {
    expect(judgePassword('', undefined)).toEqual({ kind: 'empty' })
    expect(judgePassword('elfzeichen1', undefined)).toEqual({ kind: 'short', missing: 1 })
    expect(judgePassword('🕊️'.repeat(3), undefined).kind).toBe('short')
    expect(judgePassword('x'.repeat(257), undefined)).toEqual({ kind: 'long' })
    expect(judgePassword('x'.repeat(12), undefined)).toEqual({ kind: 'unknown' })
  })

  it('is refused while it is easy to guess, and fills the meter accordingly', () => {
    const weak = judgePassword('passwort1234', { score: 1, advice: 'common' })
    expect(weak).toEqual({ kind: 'weak', score: 1, advice: 'common' })
    expect(meterParts(weak)).toBe(1)
    expect(meterParts(judgePassword('correct horse battery', { score: 4, advice: undefined }))).toBe(4)
  })

  it('is estimated with German, English and personal words', async () => {
    const estimate = await loadEstimator()
    expect(estimate('passwort1234', []).score).toBeLessThan(3)
    expect(estimate('password1234', []).score).toBeLessThan(3)
    expect(estimate('schmetterling', []).score).toBeLessThan(3)
    expect(estimate('qwertzuiopü123', []).score).toBeLessThan(3)
    expect(estimate('abrakalabrandt', ['abrakalabrandt'])).toEqual({ score: 0, advice: 'personal' })
    expect(estimate('Sieben Tauben fliegen heimlich', []).score).toBe(4)
  })
})
