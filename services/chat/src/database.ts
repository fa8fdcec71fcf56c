/** The pool and transactions; SQL stands only in the files named `*-store.ts`. */
import { openPool, type Pool, type PoolClient, type ServiceDatabase } from '@brieftaube/service-kit'

export const schema = 'chat'

export type { Pool }
export type Connection = PoolClient
/** A pool or a transaction's connection. */
export type Queryable = Pick<PoolClient, 'query'>

export function openDatabase(service: ServiceDatabase, max: number): Pool {
  return openPool(service, { schema, max })
}

/** Commits when `work` resolves, rolls back when it throws. */
export async function inTransaction<T>(pool: Pool, work: (connection: Connection) => Promise<T>): Promise<T> {
  const connection = await pool.connect()
  let broken: Error | undefined
  try {
    await connection.query('begin')
    const result = await work(connection)
    await connection.query('commit')
    return result
  } catch (error) {
    await connection.query('rollback').catch((failure: unknown) => {
      broken = failure instanceof Error ? failure : new Error('rollback failed')
    })
    throw error
  } finally {
    // a connection that could not roll back is thrown away
    connection.release(broken)
  }
}
