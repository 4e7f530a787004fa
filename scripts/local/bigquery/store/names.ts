import type { ColumnResource, DatasetAddress, TableAddress } from './resources.ts'
import { invalid } from './store-error.ts'

/** Schemas DuckDB has itself, catalogs it always attaches, and the store's own. */
const reservedDatasets = new Set(['main', 'temp', 'system', 'information_schema', 'pg_catalog', '_causeway'])

/**
 * Checks a dataset id: letters, digits and underscores, at most 1,024 characters
 * (https://cloud.google.com/bigquery/docs/datasets#dataset-naming). Stricter than BigQuery for a few reserved words.
 */
export function checkDatasetId(id: string): void {
  if (!/^\w{1,1024}$/.test(id)) {
    throw invalid(
      `Invalid dataset ID "${id}". Dataset IDs must be alphanumeric (plus underscores) and must be at most 1024 characters long.`,
    )
  }
  if (reservedDatasets.has(id.toLowerCase()))
    throw invalid(`Dataset ID "${id}" is reserved here: choose another`)
}

/**
 * Checks a table id: letters, marks, numbers, connectors, dashes and spaces, at most 1,024 bytes of UTF-8
 * (https://cloud.google.com/bigquery/docs/tables#table_naming).
 */
export function checkTableId(id: string): void {
  if (!/^[\p{L}\p{M}\p{N}\p{Pc}\p{Pd}\p{Zs}]+$/u.test(id) || Buffer.byteLength(id) > 1024) {
    throw invalid(`Invalid table ID "${id}".`)
  }
}

const reservedColumnPrefixes = [
  '_table_',
  '_file_',
  '_partition',
  '_row_timestamp',
  '__root__',
  '_colidentifier',
]

/**
 * Checks column names: a letter or underscore, then letters, digits and underscores, at most 300 characters, none
 * twice, no reserved prefix (https://cloud.google.com/bigquery/docs/schemas#column_names). Flexible names are refused.
 */
export function checkColumnNames(columns: readonly ColumnResource[], parent = ''): void {
  const seen = new Set<string>()
  for (const { name, fields } of columns) {
    const lower = name.toLowerCase()
    const path = parent + name
    if (
      !/^[a-z_]\w{0,299}$/.test(lower) ||
      reservedColumnPrefixes.some((prefix) => lower.startsWith(prefix))
    ) {
      throw invalid(
        `Invalid field name "${path}". Fields must contain only letters, numbers, and underscores, start with a letter or underscore, and be at most 300 characters long.`,
      )
    }
    if (seen.has(lower)) throw invalid(`Field ${path} already exists in schema`)
    seen.add(lower)
    if (fields) checkColumnNames(fields, `${path}.`)
  }
}

/** A SQL identifier, quoted. */
export function quoted(identifier: string): string {
  return `"${identifier.replaceAll('"', '""')}"`
}

/** The table's name in DuckDB, quoted: `"dataset"."table"`. */
export function quotedTable({ dataset, table }: { dataset: string; table: string }): string {
  return `${quoted(dataset)}.${quoted(table)}`
}

/** `project:dataset`, as BigQuery's messages write it. */
export function datasetLabel({ project, dataset }: DatasetAddress): string {
  return `${project}:${dataset}`
}

/** `project:dataset.table`, as BigQuery's messages write it. */
export function tableLabel(address: TableAddress): string {
  return `${datasetLabel(address)}.${address.table}`
}
