/** What the translation needs to know of the data. */
export interface Catalog {
  readonly projectId: string
  readonly location: string
  /** Names of the dataset's tables and views. Undefined when there is no such dataset. */
  tables(datasetId: string): readonly string[] | undefined
  /** The GoogleSQL of a view. Undefined when the table is not a view. */
  viewQuery(datasetId: string, tableId: string): string | undefined
}

/** A table path as a statement writes it, its project checked and dropped. */
export interface TablePath {
  readonly datasetId: string
  readonly tableId: string
}
