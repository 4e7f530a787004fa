import type { ColumnType } from '../model/column.ts'

/** Columns a source adds to those of its format, by name. */
export type DeclaredColumns = Readonly<Record<string, ColumnType>>

/**
 * A line as a source's functions see it: what the columns of its table will hold. Absent is NULL.
 *
 * A TIMESTAMP is text such as `2026-11-20T10:15:00.123456Z`, which keeps its microseconds, sorts as it is and is
 * what `new Date` takes; an INT64 beyond 2^53 is a bigint; a REPEATED column is an array; a JSON column is its value.
 */
export type LogRow<C extends DeclaredColumns = DeclaredColumns> = {
  /** The app found by the source's rule. */
  readonly app: string
  /** When it happened: the row's partition. */
  readonly event_time?: string
  /** Fields of the line that have no column. */
  readonly rest: Readonly<Record<string, unknown>>
} & { readonly [Name in keyof C]?: ValueOf<C[Name]> } & Readonly<Record<string, unknown>>

/** What a column of a type holds in a `LogRow`. */
type ValueOf<Type extends ColumnType> = {
  STRING: string
  TIMESTAMP: string
  INT64: number | bigint
  FLOAT64: number
  BOOL: boolean
  JSON: unknown
}[Type]

/**
 * What `map` may make of a line: a row by column name. A TIMESTAMP may also be a Date or a Unix time in seconds, milli-
 * or microseconds. What has no column goes to `rest`.
 */
export type MappedRow = Readonly<Record<string, unknown>>

/** True keeps the line. */
export type Filter<C extends DeclaredColumns = DeclaredColumns> = (row: LogRow<C>) => boolean
/** The rows a line becomes: none, one or many. */
export type Mapper<C extends DeclaredColumns = DeclaredColumns> = (
  row: LogRow<C>,
) => MappedRow | readonly MappedRow[] | null | undefined
/** The app of a line; nothing for the source's default. */
export type AppFunction<C extends DeclaredColumns = DeclaredColumns> = (
  row: LogRow<C>,
) => string | null | undefined
