import { describe, expect, it } from 'vitest'
import { deviceNameOf } from '../../src/onboarding/device-name.ts'
import {
  formatRecoveryKey,
  recoveryKeyGroups,
  typedLastCharacters,
} from '../../src/onboarding/recovery-key.ts'
import { suggestUserName, typedUserName, userNameProblem } from '../../src/onboarding/user-name.ts'

describe('user names', () => {
  it('keep the rules of the server', () => {
    expect(userNameProblem('alice.b-1_x')).toBeUndefined()
    expect(userNameProblem('')).toBe('empty')
    expect(userNameProblem('ab')).toBe('short')
    expect(userNameProblem('a'.repeat(33))).toBe('long')
    expect(userNameProblem('alice!')).toBe('characters')
    expect(userNameProblem('älice')).toBe('characters')
    expect(userNameProblem('.alice')).toBe('edge')
    expect(userNameProblem('alice-')).toBe('edge')
  })

  it('are suggested from a name in a form that needs no correction', () => {
    expect(suggestUserName('Jörg Weiß')).toBe('joerg.weiss')
    expect(suggestUserName('  Zoë O’Neill ')).toBe('zoe.o.neill')
    expect(suggestUserName('李')).toBe('')
    for (const name of ['Jörg Weiß', 'Ibrahim Yıldız', 'A. B. Çelik', 'x'.repeat(31) + ' y']) {
      expect(userNameProblem(suggestUserName(name)), name).toBeUndefined()
    }
  })

  it('are typed freely', () => {
    expect(typedUserName(' @Alice')).toBe('alice')
    expect(typedUserName('Alice Brandt')).toBe('alice.brandt')
  })
})

describe('the recovery key', () => {
  it('is grouped however it was typed or pasted', () => {
    expect(formatRecoveryKey('k7qm 29xf-pl4t8wrd')).toBe('K7QM-29XF-PL4T-8WRD')
    expect(formatRecoveryKey('')).toBe('')
    expect(recoveryKeyGroups('K7QM-29XF')).toEqual(['K7QM', '29XF'])
  })

  it('is checked by four characters', () => {
    expect(typedLastCharacters('te-9s extra')).toBe('TE9S')
  })
})

describe('the name of a device', () => {
  it('says browser and system', () => {
    expect(deviceNameOf('Mozilla/5.0 (X11; Linux x86_64; rv:150.0) Gecko/20100101 Firefox/150.0')).toBe(
      'Firefox, Linux',
    )
    expect(
      deviceNameOf(
        'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/150.0.0.0 Safari/537.36 Edg/150.0',
      ),
    ).toBe('Edge, Windows')
    expect(
      deviceNameOf(
        'Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) AppleWebKit/605.1.15 Version/19.0 Mobile Safari/604.1',
      ),
    ).toBe('Safari, iPhone')
    expect(deviceNameOf('something else')).toBe('Browser')
  })
})
