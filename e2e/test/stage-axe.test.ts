import { expect, it } from 'vitest'
import { checkStageWithAxe, type Finding } from '../src/index.ts'

function listOf(findings: readonly Finding[]): readonly string[] {
  return findings.map(
    (each) => `${each.screen} (${each.theme}): ${each.rule}: ${each.help}\n${each.places.join('\n')}`,
  )
}

it('finds nothing to complain about on any screen, light and dark', { timeout: 600_000 }, async () => {
  expect(listOf(await checkStageWithAxe())).toEqual([])
})

it('fits the narrowest phone', { timeout: 600_000 }, async () => {
  expect(listOf(await checkStageWithAxe({ viewport: { width: 320, height: 640 } }))).toEqual([])
})
