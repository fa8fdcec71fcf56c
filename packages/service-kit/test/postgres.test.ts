import { mkdtemp, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { expect, test } from 'vitest'
import { migrate, openPool, roleOf, startTestDatabase } from '@brieftaube/service-kit'

async function migrated() {
  const database = await startTestDatabase()
  const directory = await mkdtemp(path.join(tmpdir(), 'migrations-'))
  await writeFile(path.join(directory, '0001-pigeons.sql'), 'create table pigeon (name text primary key)')
  const plan = {
    ownerUrl: database.auth.ownerUrl,
    appRole: roleOf(database.auth.appUrl),
    schema: 'auth',
    directory,
  }
  await migrate(plan)
  return { database, directory, plan, pool: openPool(database.auth, { schema: 'auth', max: 2 }) }
}

test('the application role writes rows and cannot change the schema or read another service', async () => {
  const { database, pool } = await migrated()
  await pool.query(`insert into pigeon values ('alice')`)
  expect((await pool.query('select name from pigeon')).rows).toEqual([{ name: 'alice' }])
  await expect(pool.query('create table crow (name text)')).rejects.toThrow(/permission denied/)
  await expect(pool.query('drop table pigeon')).rejects.toThrow(/must be owner/)
  await expect(pool.query(`insert into migration values ('x', 'y')`)).rejects.toThrow(/permission denied/)
  const chat = openPool(database.chat, { schema: 'chat', max: 1 })
  await expect(chat.query('select * from auth.pigeon')).rejects.toThrow(/permission denied/)
  await chat.end()
  await pool.end()
  await database[Symbol.asyncDispose]()
})

test('a migration runs once, a later one is added, and a changed one stops the start', async () => {
  const { database, directory, plan, pool } = await migrated()
  await writeFile(path.join(directory, '0002-loft.sql'), 'create table loft (id int)')
  await Promise.all([migrate(plan), migrate(plan)])
  expect((await pool.query('select count(*)::int as n from migration')).rows).toEqual([{ n: 2 }])
  await writeFile(path.join(directory, '0001-pigeons.sql'), 'create table other (id int)')
  await expect(migrate(plan)).rejects.toThrow(/was changed/)
  await pool.end()
  await database[Symbol.asyncDispose]()
})
