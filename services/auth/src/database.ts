/** The pool and transactions; SQL stands only in the files named `*-store.ts`. */
import { openPool, type Pool, type PoolClient, type ServiceDatabase } from '@brieftaube/service-kit'

export const schema = 'auth'

/** A pool or a transaction's connection. */
export type Queryable = Pick<PoolClient, 'query'>

export interface Database {
  readonly pool: Pool
  /** Commits when `work` resolves, rolls back when it throws. */
  transaction<T>(work: (connection: PoolClient) => Promise<T>): Promise<T>
}

export function openDatabase(service: ServiceDatabase, max: number): Database {
  const pool = openPool(service, { schema, max })
  return { pool, transaction: (work) => inTransaction(pool, work) }
}

async function inTransaction<T>(pool: Pool, work: (connection: PoolClient) => Promise<T>): Promise<T> {
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
