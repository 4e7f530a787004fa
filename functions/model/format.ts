import type { Column } from './column.ts'
import type { Delivery } from './delivery.ts'
import type { LineBlock } from './line-block.ts'
import type { LineParser } from './row-writer.ts'

/** A log format: which columns its lines become, and how. */
export interface Format {
  readonly name: string
  /** Which logs, in a phrase. */
  readonly about: string
  readonly columns: readonly Column[]
  /** The AWS service that delivers it; `none` where applications write it, with roles of their own. */
  readonly delivery: Delivery | 'none'
  /** The settings of a source that are for this format. A source of another may not have them. */
  readonly settings?: readonly (keyof FormatSettings)[]
  /** Lines may have unknown fields: columns may be learned from them. */
  readonly evolves?: true
  /** Lines have some of its columns. A newer field has no column: it is in `rest`, for a function to read. */
  readonly choosesFields?: true
  /** Where a column's value stands in a log, for columns whose name does not say it. */
  readonly paths?: readonly FieldPath[]
  /** A member that may hold all the others. */
  readonly wrapper?: string
  /** Lines have these columns and no other fields: another name in the configuration is a mistake. */
  readonly fixed?: true
  /** Where the app of a row is found when the source does not say: in its fields, or in the object's key. */
  readonly app: { readonly fields: readonly string[]; readonly match?: RegExp } | { readonly key: RegExp }
  /** How this format is detected in objects whose source names none. Never, when absent. */
  readonly detection?: Detection
  /** Cuts an object's decompressed bytes into lines. At newlines when absent. */
  readonly blocks?: (bytes: AsyncIterable<Buffer>, settings: FormatSettings) => AsyncGenerator<LineBlock>
  /** Finds the records in a line that the parser rejects as malformed. None unless all of the line is whole records. */
  readonly recordsOfLine?: (line: Buffer) => readonly Buffer[] | undefined
  /**
   * Makes a parser for one object.
   * @param appFields columns, or dotted paths into `rest`; the first that has a value is the row's app.
   */
  parser(appFields: readonly string[], options?: ParserOptions): LineParser
}

/** A field of a log, by its names from the outside in, between dots, and a column it becomes. */
export interface FieldPath {
  readonly path: string
  readonly column: string
}

/** What a source may say of how its lines are read. A format ignores what does not concern it. */
export interface FormatSettings {
  /** Names of the fields of a line, in order, for objects that do not name them themselves. */
  readonly fields?: readonly string[] | undefined
  /** The member that lists the records of a JSON document. */
  readonly records?: string | undefined
  /** What a line of the format `text` looks like. */
  readonly pattern?: RegExp | undefined
  /** Where the time of a line is, and how it is written. */
  readonly time?: TimeSetting | undefined
  /** Whether lines that belong to the one before are joined to it. They are, when absent. */
  readonly joinLines?: boolean | undefined
  /** The character between the values of `csv`. When absent, the first line of an object tells it. */
  readonly delimiter?: string | undefined
  /** Whether objects of `csv` and `tsv` begin with the names of their values. When absent, they do unless `fields` has them. */
  readonly header?: boolean | undefined
  /** What a line of a web server looks like: nginx's `log_format` or Apache's `LogFormat`. */
  readonly logFormat?: string | undefined
}

/** How the times of a source are written. */
export interface TimeSetting {
  /** The field that has the time: a name, or a path between dots. */
  readonly field: string
  /** `any`, as when absent: any known spelling. `epoch_s`, `_ms`, `_us`, `_ns`; or directives of strptime. */
  readonly format?: string | undefined
  /** The zone of times that name none: of the IANA database, or an offset. UTC, when absent. */
  readonly zone?: string | undefined
}

/** What a parser is told beyond the object itself. */
export interface ParserOptions extends FormatSettings {
  /** Epoch milliseconds when the object is read: times without a year are the latest up to a day after it. */
  readonly now?: number
}

export interface Detection {
  /** Which lines it reads: its own only, a kind such as any syslog, or any of a shape such as any JSON. */
  readonly reads: 'own' | 'kind' | 'any'
  /** Object keys the service delivers this log under. */
  readonly key?: RegExp
  /** Under other keys its lines may be another log's: then it is not this one. */
  readonly onlyByKey?: true
  /** Whether Parquet with these columns is this log. It never comes so, when absent. */
  readonly parquet?: (columns: readonly string[]) => boolean
  /** The share of a file's first lines that is of this format: when absent, of those its parser makes rows of. */
  readonly share?: (first: FirstLines) => number | undefined
}

/** What a file begins with. */
export interface FirstLines {
  /** Without line ends. None is blank. Only a single line may be cut off. */
  readonly lines: readonly Buffer[]
  /** The first bytes, without a byte order mark. */
  readonly head: Buffer
}
