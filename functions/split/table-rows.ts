import type { Table } from '../model/table.ts'

/** Encoded rows of one table, in order. */
export interface TableRows {
  readonly table: Table
  /** Protobuf messages of the table's row descriptor. */
  readonly rows: readonly Buffer[]
  /** Sum of the rows' lengths. */
  readonly bytes: number
}
