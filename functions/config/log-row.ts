import type { ColumnType } from '../model/column.ts'
import type { FormatName } from '../parse/formats.ts'
import type { FormatColumns } from './format-columns.ts'

/** Columns a source adds to those of its format, by name. */
export type DeclaredColumns = Readonly<Record<string, ColumnType>>

/** A line as a function sees it that knows nothing of the source. */
export type LogRow = {
  readonly app: string
  readonly event_time?: string
  readonly rest: Readonly<Record<string, unknown>>
} & Readonly<Record<string, unknown>>

/** A line as the functions of a source see it. Where its columns are not known, any line. */
export type SourceRow<Format, Declared> = IfKnown<
  Format,
  Declared,
  FormatRow<Format & FormatName, Declared>,
  LogRow
>

type IfKnown<Format, Declared, Then, Else> = [FormatName] extends [Format]
  ? Else
  : string extends keyof Declared
    ? Else
    : Then

/**
 * A line as a source's functions see it: what the columns of its table will hold. Absent is NULL.
 *
 * A TIMESTAMP is text such as `2026-11-20T10:15:00.123456Z`, which keeps its microseconds, sorts as it is and is
 * what `new Date` takes; an INT64 beyond 2^53 is a bigint; a REPEATED column is an array; a JSON column is its value.
 * There is nothing beside the columns of the format, the declared ones and those of every row: other fields are in
 * `rest`, also those that a source learns columns from.
 */
type FormatRow<Format extends FormatName, Declared> = {
  readonly [Name in keyof RowColumns<Format, Declared>]: CellOf<
    NonNullable<RowColumns<Format, Declared>[Name]>
  >
}

type RowColumns<Format extends FormatName, Declared> = {
  /** The app found by the source's rule. */
  app: 'STRING'
  /** When it happened: the row's partition. */
  event_time?: 'TIMESTAMP'
  /** Fields of the line that have no column. */
  rest: 'REST'
} & Partial<FormatColumns[Format]> &
  Partial<Declared>

/** What a column holds in a row; one that is REPEATED is written as a list of its type. */
type CellOf<Type> = Type extends readonly [infer Element]
  ? readonly CellOf<Element>[]
  : Type extends keyof CellTypes
    ? CellTypes[Type]
    : unknown

interface CellTypes {
  STRING: string
  TIMESTAMP: string
  INT64: number | bigint
  FLOAT64: number
  BOOL: boolean
  JSON: unknown
  REST: Readonly<Record<string, unknown>>
}

/** What `map` may make of a line: a row by column name. What has no column goes to `rest`. */
export type MappedRow = Readonly<Record<string, unknown>>

/**
 * What `map` may make of a line of a source. A TIMESTAMP may also be a Date or a Unix time in seconds, milli- or
 * microseconds, and text is a number where it reads as one. What has no column goes to `rest`.
 */
export type MappedOf<Format, Declared> = MappedRow &
  IfKnown<Format, Declared, Mapped<Format & FormatName, Declared>, unknown>

type Mapped<Format extends FormatName, Declared> = {
  readonly [Name in keyof MappedColumns<Format, Declared>]?:
    | Fitting<MappedColumns<Format, Declared>[Name]>
    | null
    | undefined
}

type MappedColumns<Format extends FormatName, Declared> = {
  app: 'APP'
  event_time: 'TIMESTAMP'
} & FormatColumns[Format] &
  Declared

/** What a column takes. Anything else would end in `rest`. */
type Fitting<Type> = Type extends readonly [infer Element]
  ? readonly (Fitting<Element> | null | undefined)[]
  : Type extends keyof FittingTypes
    ? FittingTypes[Type]
    : unknown

interface FittingTypes {
  APP: string
  STRING: string | number | bigint | boolean
  TIMESTAMP: string | number | Date
  INT64: number | bigint | string
  FLOAT64: number | string
  BOOL: boolean | string
  JSON: unknown
}

/** True keeps the line. */
export type Filter<Row = LogRow> = (row: Row) => boolean
/** The rows a line becomes: none, one or many. */
export type Mapper<Row = LogRow, Mapped = MappedRow> = (
  row: Row,
) => Mapped | readonly Mapped[] | null | undefined
/** The app of a line; nothing for the source's default. */
export type AppFunction<Row = LogRow> = (row: Row) => string | null | undefined
