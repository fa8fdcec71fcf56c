import { afterAll, beforeAll, expect, it } from 'vitest'
import { checkStageWithAxe, type Finding } from '../src/stage-axe.ts'
import { openStage, type Stage } from '../src/stage.ts'

let stage: Stage

beforeAll(async () => {
  stage = await openStage()
}, 600_000)

afterAll(async () => {
  await stage[Symbol.asyncDispose]()
})

function listOf(findings: readonly Finding[]): readonly string[] {
  return findings.map(
    (each) => `${each.screen} (${each.theme}): ${each.rule}: ${each.help}\n${each.places.join('\n')}`,
  )
}

it('finds nothing to complain about on any screen, light and dark', { timeout: 900_000 }, async () => {
  expect(listOf(await checkStageWithAxe({ stage }))).toEqual([])
})

it('fits the narrowest phone', { timeout: 900_000 }, async () => {
  const narrow = { viewport: { width: 320, height: 640 }, themes: ['light'] } as const
  expect(listOf(await checkStageWithAxe({ stage, ...narrow }))).toEqual([])
})
