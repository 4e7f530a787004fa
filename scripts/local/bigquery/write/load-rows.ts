import type { DuckDBConnection } from '@duckdb/node-api'
import { duckType } from '../store/column-type.ts'
import { quoted, quotedTable } from '../store/names.ts'
import type { ColumnResource, TableAddress } from '../store/resources.ts'

/** A file with lines of JSON (see `row-json.ts`). */
export interface RowFile {
  readonly path: string
  /** Bytes of the longest line, if it is long: see {@link longestLineOf}. DuckDB sizes its buffers by it. */
  readonly longestLine: number
}

/** Lines are read in pieces of this size, or, if one is longer, of that much more. */
const leastPieceBytes = 1024 * 1024

/** The length in bytes of the longest of some lines, if it is longer than the least piece; 0 otherwise. */
export function longestLineOf(lines: readonly string[]): number {
  // A UTF-16 unit takes at most 3 bytes of UTF-8, so short lines need no count.
  const long = lines.filter((line) => line.length * 3 > leastPieceBytes)
  return long.reduce((longest, line) => Math.max(longest, Buffer.byteLength(line)), 0)
}

/** Inserts the rows of files into a table, streaming, in the caller's transaction. */
export async function loadRows(
  connection: DuckDBConnection,
  table: TableAddress,
  columns: readonly ColumnResource[],
  files: readonly RowFile[],
): Promise<void> {
  if (files.length === 0) return
  const pieceBytes = leastPieceBytes + files.reduce((longest, file) => Math.max(longest, file.longestLine), 0)
  const names = columns.map((column) => quoted(column.name))
  const casts = columns.map((column) => {
    const cast = `CAST(${quoted(column.name)} AS ${duckType(column)})`
    // BigQuery knows no NULL array in a table: it is an empty one.
    return column.mode === 'REPEATED' ? `COALESCE(${cast}, [])` : cast
  })
  const types = columns.map((column) => `${literal(column.name)}: ${literal(duckType(column, 'VARCHAR'))}`)
  await connection.run(`
    INSERT INTO ${quotedTable(table)} (${names.join(', ')})
    SELECT ${casts.join(', ')}
    FROM read_json([${files.map(({ path }) => literal(path)).join(', ')}], format = 'newline_delimited', auto_detect = false,
      maximum_object_size = ${pieceBytes}, columns = {${types.join(', ')}})`)
}

function literal(text: string): string {
  return `'${text.replaceAll("'", "''")}'`
}
