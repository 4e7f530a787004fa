import type { DuckDBConnection } from '@duckdb/node-api'
import type { Database } from './database.ts'
import type { DatasetAddress, KeptDataset, KeptTable, TableAddress } from './resources.ts'

const layout = `
  CREATE SCHEMA IF NOT EXISTS _causeway;
  CREATE TABLE IF NOT EXISTS _causeway.datasets (dataset VARCHAR NOT NULL, resource VARCHAR NOT NULL);
  CREATE TABLE IF NOT EXISTS _causeway.tables
    (dataset VARCHAR NOT NULL, "table" VARCHAR NOT NULL, resource VARCHAR NOT NULL);
`

/**
 * The resources of all datasets and tables: kept in DuckDB, mirrored in memory for reading.
 *
 * Writes go to DuckDB within a transaction of the caller; the mirror is changed by `committed`, after it.
 * Identifiers are compared without case, because DuckDB does.
 */
export class Catalog {
  readonly #datasets = new Map<string, KeptDataset>()
  readonly #tables = new Map<string, Map<string, KeptTable>>()

  static async load(database: Database): Promise<Catalog> {
    const catalog = new Catalog()
    await database.transaction((connection) => connection.run(layout))
    const datasets = await database.query('SELECT resource FROM _causeway.datasets')
    for (const [resource] of datasets.rows) catalog.keepDataset(JSON.parse(String(resource)))
    const tables = await database.query('SELECT resource FROM _causeway.tables')
    for (const [resource] of tables.rows) catalog.keepTable(JSON.parse(String(resource)))
    return catalog
  }

  dataset(id: string): KeptDataset | undefined {
    return this.#datasets.get(id.toLowerCase())
  }

  datasets(): KeptDataset[] {
    return [...this.#datasets.values()]
  }

  table(dataset: string, table: string): KeptTable | undefined {
    return this.#tables.get(dataset.toLowerCase())?.get(table.toLowerCase())
  }

  tables(dataset: string): KeptTable[] {
    return [...(this.#tables.get(dataset.toLowerCase())?.values() ?? [])]
  }

  keepDataset(resource: KeptDataset): void {
    const id = resource.datasetReference.datasetId.toLowerCase()
    this.#datasets.set(id, resource)
    if (!this.#tables.has(id)) this.#tables.set(id, new Map())
  }

  keepTable(resource: KeptTable): void {
    const { datasetId, tableId } = resource.tableReference
    this.#tables.get(datasetId.toLowerCase())?.set(tableId.toLowerCase(), resource)
  }

  dropDataset({ dataset }: DatasetAddress): void {
    this.#datasets.delete(dataset.toLowerCase())
    this.#tables.delete(dataset.toLowerCase())
  }

  dropTable({ dataset, table }: TableAddress): void {
    this.#tables.get(dataset.toLowerCase())?.delete(table.toLowerCase())
  }
}

/** Writes a dataset's row, in the caller's transaction. */
export async function writeDataset(connection: DuckDBConnection, resource: KeptDataset): Promise<void> {
  const { datasetId } = resource.datasetReference
  await connection.run('INSERT INTO _causeway.datasets VALUES (?, ?)', [datasetId, JSON.stringify(resource)])
}

/** Writes or replaces a table's row, in the caller's transaction. */
export async function writeTable(connection: DuckDBConnection, resource: KeptTable): Promise<void> {
  const { datasetId, tableId } = resource.tableReference
  await eraseTable(connection, { dataset: datasetId, table: tableId })
  const row = [datasetId, tableId, JSON.stringify(resource)]
  await connection.run('INSERT INTO _causeway.tables VALUES (?, ?, ?)', row)
}

/** Removes a dataset's row and those of its tables, in the caller's transaction. */
export async function eraseDataset(connection: DuckDBConnection, dataset: string): Promise<void> {
  await connection.run('DELETE FROM _causeway.tables WHERE dataset = ?', [dataset])
  await connection.run('DELETE FROM _causeway.datasets WHERE dataset = ?', [dataset])
}

/** Removes a table's row, in the caller's transaction. */
export async function eraseTable(
  connection: DuckDBConnection,
  { dataset, table }: { readonly dataset: string; readonly table: string },
): Promise<void> {
  await connection.run('DELETE FROM _causeway.tables WHERE dataset = ? AND "table" = ?', [dataset, table])
}
