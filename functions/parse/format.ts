import type { Column } from '../model/column.ts'
import type { LineBlock } from './line-blocks.ts'
import type { LineParser } from './row-writer.ts'

/** A log format: which columns its lines become, and how. */
export interface Format {
  readonly name: string
  readonly columns: readonly Column[]
  /** Lines have these columns and no other fields: another name in the configuration is a mistake. */
  readonly fixed?: true
  /** Where the app of a row is found when the source does not say. */
  readonly app: { readonly fields: readonly string[]; readonly match?: RegExp }
  /** Cuts an object's decompressed bytes into lines. At newlines when absent. */
  readonly blocks?: (bytes: AsyncIterable<Buffer>) => AsyncGenerator<LineBlock>
  /**
   * Makes a parser for one object.
   * @param appFields columns, or dotted paths into `rest`; the first that has a value is the row's app.
   */
  parser(appFields: readonly string[]): LineParser
}
