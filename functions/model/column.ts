/** BigQuery column types in use. TIMESTAMP travels as microseconds since 1970, JSON as text. */
export type ColumnType = 'STRING' | 'INT64' | 'FLOAT64' | 'BOOL' | 'TIMESTAMP' | 'JSON'

/** One column of a table. Everything is NULLABLE unless it says otherwise: a value that is absent is no error. */
export interface Column {
  readonly name: string
  readonly type: ColumnType
  readonly mode?: 'REPEATED'
  readonly description: string
}

/**
 * Whether BigQuery takes a name for a column of ours.
 * https://docs.cloud.google.com/bigquery/docs/schemas#column_names (November 2026).
 */
export function isColumnName(name: string): boolean {
  return (
    /^[a-z_][a-z0-9_]{0,299}$/i.test(name) &&
    !/^(_table_|_file_|_partition|_row_timestamp|__root__|_colidentifier)/i.test(name)
  )
}

/** Whether a column can name the app. */
export function namesApps({ type, mode }: Column): boolean {
  return mode !== 'REPEATED' && (type === 'STRING' || type === 'INT64')
}

/** What a cell may hold on its way to BigQuery. A TIMESTAMP is a number of microseconds since 1970. */
export type Cell =
  | string
  | number
  | bigint
  | boolean
  | null
  | undefined
  | readonly (string | number | bigint)[]

/** What a cell of a column of this type holds. */
type CellOf<Type extends ColumnType> = Type extends 'STRING' | 'JSON'
  ? string
  : Type extends 'BOOL'
    ? boolean
    : number

/** A row of one of our tables. A key that is not a column does not compile. The columns are given `as const`. */
export type TableRowOf<Columns extends readonly Column[]> = {
  readonly [One in Columns[number] as One['name']]?: CellOf<One['type']> | undefined
}

/** A row by column name. */
export type TableRow = Readonly<Record<string, Cell>>
