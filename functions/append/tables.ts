import type { Table, TableColumn } from '../model/table.ts'

/** What the loader needs of BigQuery's table metadata. */
export interface TableCatalog {
  /** Makes a table, its dataset too if need be. A table that exists already is success. May be repeated. */
  create(table: Table): Promise<void>
  /** Adds the columns of the layout that an existing table lacks, as NULLABLE. May be repeated. Gives all the table has. */
  widen(table: Table): Promise<readonly TableColumn[]>
  /** Names of tables of a dataset that start with this, at most so many. */
  names(dataset: string, prefix: string, atMost: number): Promise<readonly string[]>
}
