import type { v1 } from '@google-cloud/bigquery-storage'
import { afterEach, beforeEach } from 'vitest'
import type { ColumnResource, TableResource } from '../../scripts/local/bigquery/store/resources.ts'
import { AppendSession, RowType, writeClient } from './bigquery-write-client.ts'

/** A running Write API and the tables behind it. */
export interface WriteBackend {
  readonly address: string
  /** Creates `projects/p/datasets/d/tables/<table>`. */
  createTable(table: string, resource: Omit<TableResource, 'tableReference'>): Promise<void>
  setColumns(table: string, fields: readonly ColumnResource[]): Promise<void>
  deleteTable(table: string): Promise<void>
  /** The result of a query in DuckDB's dialect, each value as text. */
  query(sql: string): Promise<(string | null)[][]>
  stop(): Promise<void>
}

export type Start = () => Promise<WriteBackend>

export const columns = [
  { name: 'id', type: 'INTEGER', mode: 'REQUIRED' },
  { name: 'word', type: 'STRING' },
] as const
export const rowType = new RowType({ id: 'int64', word: 'string' })
/** The table that every test finds, with {@link columns}. */
export const parent = 'projects/p/datasets/d/tables/t'

/** A fresh backend with one table for each test of the suite that calls this, and what tests do with it. */
export function useWriteBench(start: Start) {
  let backend: WriteBackend
  let client: v1.BigQueryWriteClient

  beforeEach(async () => {
    backend = await start()
    client = writeClient(backend.address)
    await backend.createTable('t', { schema: { fields: columns } })
  })

  afterEach(async () => {
    await client.close()
    await backend.stop()
  })

  const bench = {
    get backend() {
      return backend
    },
    get client() {
      return client
    },

    async create(type: 'PENDING' | 'COMMITTED' | 'BUFFERED', table = parent): Promise<string> {
      const [stream] = await client.createWriteStream({ parent: table, writeStream: { type } })
      return stream.name ?? ''
    },

    /** A PENDING stream with one row for each id. */
    async pendingWith(...ids: number[]): Promise<string> {
      const writeStream = await bench.create('PENDING')
      const session = new AppendSession(client)
      if (ids.length > 0) await session.append({ writeStream, ...rowType.rows(...ids.map((id) => ({ id }))) })
      session.end()
      return writeStream
    },

    async commit(...writeStreams: string[]) {
      const [response] = await client.batchCommitWriteStreams({ parent, writeStreams })
      const errors = (response.streamErrors ?? []).map(({ code, entity }) => [entity, code])
      return { committed: Boolean(response.commitTime), errors }
    },

    /** The ids in the table, in order. */
    async ids(): Promise<number[]> {
      return (await backend.query('SELECT id FROM d.t ORDER BY id')).map(([id]) => Number(id))
    },
  }
  return bench
}
