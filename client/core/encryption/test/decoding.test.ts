/**
 * The strict decoders of `group-policy` on real messages of the library: they read what it writes, refuse everything that
 * is not byte for byte canonical, and never throw anything but `MalformedError`.
 */
import { beforeAll, describe, expect, it } from 'vitest'
import { decodeMlsMessage, encodeMlsMessage } from 'ts-mls'
import {
  decodeCommit,
  decodeGroupId,
  decodeGroupInfo,
  decodeKeyPackage,
  decodeMessageFrame,
  decodeRoster,
  decodeRules,
  decodeWelcome,
  encodeGroupId,
  encodeRoster,
  encodeRules,
  rulesOf,
} from '@brieftaube/group-policy'
import { concatBytes, encodeText, equalBytes, MalformedError, type Bytes } from '@brieftaube/protocol'
import {
  applyNotice,
  externalJoin,
  makeCommit,
  makeGroupInfo,
  sealMessage,
  signLeave,
  signRevocation,
  type Suite,
} from '../src/index.ts'
import { threeInAGroup } from './groups.ts'
import {
  flipBit,
  keyPackageOf,
  newDevice,
  newPerson,
  nothingSeen,
  now,
  ok,
  suitesUnderTest,
} from './people.ts'
import { seededRandom } from './seeded.ts'

type Decode = (bytes: Uint8Array) => unknown
interface Sample {
  readonly name: string
  readonly decode: Decode
  readonly bytes: Bytes
}

async function makeSamples(suite: Suite): Promise<Sample[]> {
  const { alice, bob, carla, states } = await threeInAGroup(suite)
  const [dora, erik] = [await newPerson(), await newPerson()]
  const packages = [
    await keyPackageOf(dora.device, suite),
    await keyPackageOf(erik.device, suite, 'last-resort'),
  ]
  const { conversation, generation, epoch } = states.alice
  const leave = signLeave(carla.vault, { conversation, generation, epoch, issuedAt: now })
  const noticed = ok(applyNotice(states.alice, leave)).state
  const revocation = signRevocation(bob.vault, { device: bob.device.device, issuedAt: now })
  const revoked = ok(applyNotice(noticed, revocation)).state
  const everything = ok(await makeCommit(revoked, { adds: packages.map(({ bytes }) => bytes) }))
  const addsOnly = ok(await makeCommit(states.alice, { adds: packages.map(({ bytes }) => bytes) }))
  const groupInfo = await makeGroupInfo(states.alice)
  const joined = ok(
    await externalJoin(newDevice(bob.vault), { groupInfo, conversation, generation, nowMs: now }),
  )
  const resynced = ok(await externalJoin(bob.device, { groupInfo, conversation, generation, nowMs: now }))
  const clientId = { device: alice.device.device, counter: 1 }
  const message = ok(
    await sealMessage(states.alice, { content: encodeText('hi'), clientId, lastSeen: nothingSeen }),
  )
  return [
    { name: 'commit with everything', decode: decodeCommit, bytes: everything.commit },
    { name: 'commit of adds', decode: decodeCommit, bytes: addsOnly.commit },
    { name: 'external commit', decode: decodeCommit, bytes: joined.commit },
    { name: 'resync', decode: decodeCommit, bytes: resynced.commit },
    { name: 'Welcome', decode: decodeWelcome, bytes: everything.welcome ?? new Uint8Array(0) },
    { name: 'GroupInfo', decode: decodeGroupInfo, bytes: everything.groupInfo },
    { name: 'key package', decode: decodeKeyPackage, bytes: packages[0]?.bytes ?? new Uint8Array(0) },
    { name: 'message frame', decode: decodeMessageFrame, bytes: message.mls },
  ]
}

describe.each(suitesUnderTest)('strict decoding in %s', (suite) => {
  let samples: Sample[]

  beforeAll(async () => {
    samples = await makeSamples(suite)
  })

  it('reads what the library writes, and the library writes back the same bytes', () => {
    for (const { name, decode, bytes } of samples) {
      expect(() => decode(bytes), name).not.toThrow()
      const message = decodeMlsMessage(bytes, 0)?.[0]
      expect(message && equalBytes(encodeMlsMessage(message), bytes), name).toBe(true)
    }
  })

  it('refuses every truncation and any byte more', () => {
    for (const { name, decode, bytes } of samples) {
      for (let length = 0; length < bytes.length; length += length < 700 ? 1 : 37)
        expect(() => decode(bytes.subarray(0, length)), name).toThrow(MalformedError)
      expect(() => decode(concatBytes(bytes, Uint8Array.of(0))), name).toThrow(MalformedError)
    }
  })

  it('accepts after random damage only what the library writes back unchanged', () => {
    const random = seededRandom(`damage ${suite}`)
    for (const { name, decode, bytes } of samples) {
      for (let round = 0; round < 400; round++) {
        const damaged = damage(bytes, random)
        if (attempt(decode, damaged, name) === 'refused') continue
        const message = decodeMlsMessage(damaged, 0)?.[0]
        expect(message && equalBytes(encodeMlsMessage(message), damaged), name).toBe(true)
      }
    }
  })

  it('refuses vector lengths that are not in their shortest form, which the library would accept', () => {
    const keyPackage = samples.find(({ name }) => name === 'key package')?.bytes ?? new Uint8Array(0)
    // the last vector is the 64-byte signature: its length takes two bytes, in the long form four
    const at = keyPackage.length - 66
    const long = concatBytes(
      keyPackage.subarray(0, at),
      Uint8Array.of(0x80, 0, 0, 64),
      keyPackage.subarray(at + 2),
    )
    expect(decodeMlsMessage(long, 0)).toBeDefined()
    expect(() => decodeKeyPackage(long)).toThrow(MalformedError)
  })

  it('refuses a presence octet that is neither 0 nor 1, which the library would read as absent', () => {
    const commit = samples.find(({ name }) => name === 'commit of adds')?.bytes ?? new Uint8Array(0)
    const tagBytes = suite === 'xwing-256' ? 2 + 64 : 1 + 32
    const at = commit.length - 2 * tagBytes - 66 - 1
    expect(commit[at]).toBe(0)
    const odd = Uint8Array.from(commit)
    odd[at] = 2
    expect(decodeMlsMessage(odd, 0)).toBeDefined()
    expect(() => decodeCommit(odd)).toThrow('presence octet')
  })

  it('is done with megabytes of nonsense at once', () => {
    const zeros = new Uint8Array(4 * 1024 * 1024)
    const [ones, long] = [zeros.map(() => 0x81), new Uint8Array(8 * 1024 * 1024)]
    for (const { decode, bytes } of samples) {
      const head = Uint8Array.from(zeros)
      head.set(bytes.subarray(0, 60))
      for (const hostile of [zeros, head, ones, long]) {
        // the best of three: other programs take their share of the time
        const took = [1, 2, 3].map(() => {
          const started = performance.now()
          expect(() => decode(hostile)).toThrow(MalformedError)
          return performance.now() - started
        })
        expect(Math.min(...took)).toBeLessThan(100)
      }
    }
  })
})

describe('our own formats', () => {
  it('come back as they were', async () => {
    const { states } = await threeInAGroup('x25519-128')
    const { roster, conversation, generation, epoch } = states.alice
    expect(decodeRoster(encodeRoster(roster))).toEqual(roster)
    expect(decodeRules(encodeRules(rulesOf(roster)))).toEqual(rulesOf(roster))
    expect(decodeGroupId(encodeGroupId({ conversation, generation }))).toEqual({ conversation, generation })
    expect(epoch).toBe(1)
  })

  it('refuse rules that are not in order', () => {
    const rules = encodeRules({ kind: 'group', admins: [], barred: [] })
    expect(() => decodeRules(flipBit(rules, 0))).toThrow(MalformedError)
    expect(() => decodeRules(concatBytes(rules, Uint8Array.of(0)))).toThrow(MalformedError)
    const direct = flipBit(rules, 1)
    expect(() => decodeRules(rules)).not.toThrow()
    expect(() => decodeRules(direct)).toThrow('two parties')
    const twoAdmins = concatBytes(
      Uint8Array.of(1, 1, 0, 0, 0, 2),
      new Uint8Array(16).fill(2),
      new Uint8Array(16).fill(1),
      new Uint8Array(4),
    )
    expect(() => decodeRules(twoAdmins)).toThrow('ascending')
  })
})

function damage(bytes: Bytes, random: ReturnType<typeof seededRandom>): Bytes {
  const damaged = Uint8Array.from(bytes)
  for (let count = 1 + random.below(3); count > 0; count--)
    damaged[random.below(damaged.length)] = random.below(256)
  return random.chance(0.1) ? damaged.slice(0, random.below(damaged.length)) : damaged
}

function attempt(decode: Decode, bytes: Bytes, name: string): 'accepted' | 'refused' {
  try {
    decode(bytes)
    return 'accepted'
  } catch (thrown) {
    expect(thrown, name).toBeInstanceOf(MalformedError)
    return 'refused'
  }
}
