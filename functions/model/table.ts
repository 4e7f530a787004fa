import type { Column } from './column.ts'

/** The schema and layout of a table: the one source for the code that creates it, fills it and deploys it. */
export interface TableLayout {
  readonly columns: readonly Column[]
  /** The TIMESTAMP column whose UTC day is the partition. */
  readonly partitionBy: string
  /** At most four columns (BigQuery's limit). */
  readonly clusterBy: readonly string[]
  readonly description: string
  /**
   * The source from whose rows the last columns were learned; absent when none were. A table may lack such a column, or
   * have it with another type.
   */
  readonly learnedFrom?: string
}

/** A table and how it is laid out. */
export interface Table {
  readonly dataset: string
  readonly name: string
  readonly layout: TableLayout
  /** For a table of a source that may have only so many. */
  readonly cap?: TableCap
}

/** A column a table has: its type by GoogleSQL's name, one of ours or not. */
export interface TableColumn {
  readonly name: string
  readonly type: string
  readonly mode: string
}

/** The most tables with one prefix, and where the rows of further ones go. */
export interface TableCap {
  /** What their names begin with. */
  readonly prefix: string
  readonly most: number
  /** Name of the table that takes the rows of all others. */
  readonly overflow: string
}

/** Whether rows of the shorter layout are valid under the longer: it begins with the same columns. */
export function extendsLayout(longer: TableLayout, shorter: TableLayout): boolean {
  if (longer === shorter) return true
  return shorter.columns.every(({ name, type }, index) => {
    const column = longer.columns[index]
    return column?.name === name && column.type === type
  })
}

/** `dataset.table`: the key under which rows of one table are gathered. */
export function tableKey(table: Pick<Table, 'dataset' | 'name'>): string {
  return `${table.dataset}.${table.name}`
}
