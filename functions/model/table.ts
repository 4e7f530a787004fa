import type { Column } from './column.ts'

/** The schema and layout of a table: the one source for the code that creates it, fills it and deploys it. */
export interface TableLayout {
  readonly columns: readonly Column[]
  /** The TIMESTAMP column whose UTC day is the partition. */
  readonly partitionBy: string
  /** At most four columns (BigQuery's limit). */
  readonly clusterBy: readonly string[]
  readonly description: string
}

/** A table and how it is laid out. */
export interface Table {
  readonly dataset: string
  readonly name: string
  readonly layout: TableLayout
}

/** `dataset.table`: the key under which rows of one table are gathered. */
export function tableKey(table: Pick<Table, 'dataset' | 'name'>): string {
  return `${table.dataset}.${table.name}`
}
