import { expect, test } from 'vitest'
import { createHistogram } from '../src/load/histogram.ts'

test('quantiles are right within the width of a bucket, and the maximum exactly', () => {
  const histogram = createHistogram()
  for (let value = 1; value <= 1000; value++) histogram.record(value / 10)
  const { count, p50Ms, p95Ms, p99Ms, maxMs } = histogram.summary()
  expect([count, maxMs]).toEqual([1000, 100])
  for (const [found, exact] of [
    [p50Ms, 50],
    [p95Ms, 95],
    [p99Ms, 99],
  ] as const)
    expect(Math.abs(found / exact - 1)).toBeLessThan(0.04)
})

test('one slow answer in a thousand does not hide behind the others', () => {
  const histogram = createHistogram()
  for (let index = 0; index < 980; index++) histogram.record(1)
  for (let index = 0; index < 20; index++) histogram.record(500)
  expect(histogram.summary().p95Ms).toBeLessThan(1.1)
  expect(histogram.summary().p99Ms).toBeGreaterThan(480)
})
