import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DuckDBInstance } from '@duckdb/node-api'

/** A Parquet file of a query's rows, as DuckDB writes it. */
export async function parquetFile(query: string, options = ''): Promise<Buffer> {
  const folder = await mkdtemp(join(tmpdir(), 'causeway-parquet-'))
  const path = join(folder, 'rows.parquet')
  const connection = await (await DuckDBInstance.create()).connect()
  try {
    await connection.run(`COPY (${query}) TO '${path}' (FORMAT parquet${options})`)
    return await readFile(path)
  } finally {
    connection.closeSync()
    await rm(folder, { recursive: true })
  }
}
