/** A dataset's address. */
export interface DatasetAddress {
  readonly project: string
  readonly dataset: string
}

/** A table's address. */
export interface TableAddress extends DatasetAddress {
  readonly table: string
}

export type ColumnMode = 'NULLABLE' | 'REQUIRED' | 'REPEATED'

/** One column of a table, as REST v2 writes it (`TableFieldSchema`). */
export interface ColumnResource {
  readonly name: string
  /** BigQuery's name of the type; both the legacy (`INTEGER`) and the standard (`INT64`) names are taken. */
  readonly type: string
  /** NULLABLE when absent. */
  readonly mode?: ColumnMode
  readonly description?: string
  readonly fields?: readonly ColumnResource[]
}

/** A dataset, as REST v2 writes it. Fields not named here are kept as they came. */
export interface DatasetResource {
  readonly datasetReference: { readonly projectId: string; readonly datasetId: string }
  readonly [field: string]: unknown
}

/** A table or view, as REST v2 writes it. Fields not named here are kept as they came. */
export interface TableResource {
  readonly tableReference: {
    readonly projectId: string
    readonly datasetId: string
    readonly tableId: string
  }
  readonly schema?: { readonly fields?: readonly ColumnResource[] }
  readonly timePartitioning?: {
    readonly type: string
    readonly field?: string
    readonly [field: string]: unknown
  }
  readonly view?: { readonly query: string; readonly [field: string]: unknown }
  readonly [field: string]: unknown
}

/** What the store adds to every resource it keeps: times as decimal strings of milliseconds since 1970. */
export interface Kept {
  readonly creationTime: string
  readonly lastModifiedTime: string
  /** Changes with every change of the resource. */
  readonly etag: string
}

export type KeptDataset = DatasetResource & Kept
export type KeptTable = TableResource & Kept & { readonly type: 'TABLE' | 'VIEW' }
