import { type Cell, table } from '../terminal/table.ts'
import { queryError, type ResultRow, withQueries } from './bigquery.ts'
import type { CommandContext } from './context.ts'

export interface QueryOptions {
  readonly json?: boolean
  readonly cloud?: boolean
}

/** Runs GoogleSQL and prints the rows: a table, or one JSON object a row. */
export async function query(context: CommandContext, sql: string, options: QueryOptions): Promise<number> {
  const rows = await withQueries(context, options, async (run) => {
    try {
      return await run(sql)
    } catch (error) {
      throw queryError(error)
    }
  })
  process.stdout.write(
    options.json
      ? rows.map((row) => `${JSON.stringify(plain(row))}\n`).join('')
      : `${resultTable(rows, context)}\n`,
  )
  return 0
}

/** Rows as a table on a terminal. */
export function resultTable(rows: readonly ResultRow[], context: Pick<CommandContext, 'out'>): string {
  const titles = Object.keys(rows[0] ?? {})
  if (titles.length === 0) return 'no rows'
  return table(
    titles,
    rows.map((row) => titles.map((title) => cellOf(row[title]))),
    context.out,
  )
}

function cellOf(value: unknown): Cell {
  const simple = plainValue(value)
  if (typeof simple === 'object' && simple !== null) return JSON.stringify(simple)
  return simple as Cell
}

function plain(row: ResultRow): ResultRow {
  return Object.fromEntries(Object.entries(row).map(([name, value]) => [name, plainValue(value)]))
}

/** The client wraps times and large numbers in objects with one member `value`. */
function plainValue(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(plainValue)
  if (typeof value === 'bigint') return value.toString()
  if (typeof value !== 'object' || value === null) return value
  if ('value' in value && Object.keys(value).length === 1) return value.value
  return plain(value as ResultRow)
}
