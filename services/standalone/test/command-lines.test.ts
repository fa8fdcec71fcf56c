import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { expect, test } from 'vitest'
import { readArguments } from '../src/arguments.ts'
import { administerStandalone } from '../src/administer.ts'

test('a copy that was put back has to be said', () => {
  const parsed = (...words: string[]) => readArguments(words, '/tmp')
  expect(parsed()).toMatchObject({ arguments: { restored: false } })
  expect(parsed('--restored')).toMatchObject({ arguments: { restored: true } })
})

test('without a running server the administrator is told to start it', async () => {
  const dataFolder = mkdtempSync(path.join(tmpdir(), 'no-server-'))
  await expect(
    administerStandalone(['accounts'], { dataFolder, address: 'http://localhost:8080' }),
  ).rejects.toThrow(/Start it first/)
})
