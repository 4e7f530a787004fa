import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { DuckDBConnection, DuckDBValue } from '@duckdb/node-api'
import { Catalog, eraseDataset, eraseTable, writeDataset, writeTable } from './catalog.ts'
import { duckType } from './column-type.ts'
import { Database, type QueryResult } from './database.ts'
import {
  checkColumnNames,
  checkDatasetId,
  checkTableId,
  datasetLabel,
  quoted,
  quotedTable,
  tableLabel,
} from './names.ts'
import { checkLayout, withDefaults } from './partitioning.ts'
import type {
  ColumnResource,
  DatasetAddress,
  DatasetResource,
  Kept,
  KeptDataset,
  KeptTable,
  TableAddress,
  TableResource,
} from './resources.ts'
import { invalid, StoreError } from './store-error.ts'
import { patchedResource } from './table-patch.ts'

/**
 * Datasets and tables of one project, in one DuckDB file that anybody may open: a dataset is a schema, a table is a
 * table. The REST resources beside them are in the schema `_causeway`.
 *
 * What a method has returned from survives a `kill -9`. Names are kept as given and compared exactly, but two that
 * differ only in case cannot stand side by side, as they can in BigQuery. Not modelled: expiration, time travel,
 * access control, partition pruning, several projects with a dataset of the same name.
 */
export class BigQueryStore {
  /** Path of the DuckDB file. The hyphen keeps its catalog name from being taken for a dataset's. */
  readonly file: string
  readonly #database: Database
  readonly #catalog: Catalog
  readonly #now: () => number
  #lastTime = 0

  private constructor(file: string, database: Database, catalog: Catalog, now: () => number) {
    this.file = file
    this.#database = database
    this.#catalog = catalog
    this.#now = now
  }

  /** Opens the store in a directory, creating both if need be. Only one process can have it open. */
  static async open(directory: string, { now = Date.now } = {}): Promise<BigQueryStore> {
    await mkdir(directory, { recursive: true })
    const file = join(directory, 'causeway-data.duckdb')
    const database = await Database.open(file)
    return new BigQueryStore(file, database, await Catalog.load(database), now)
  }

  /** Waits for writes under way and closes the file. Safe to call twice. */
  close(): Promise<void> {
    return this.#database.close()
  }

  async createDataset(resource: DatasetResource): Promise<KeptDataset> {
    const { projectId: project, datasetId: dataset } = resource.datasetReference
    checkDatasetId(dataset)
    return this.transaction(
      async (connection) => {
        const other = this.#catalog.dataset(dataset)?.datasetReference
        if (other)
          throw alreadyExists('Dataset', datasetLabel({ project, dataset }), other.datasetId === dataset)
        const kept = { ...resource, ...this.#stamp() }
        await connection.run(`CREATE SCHEMA ${quoted(dataset)}`)
        await writeDataset(connection, kept)
        return kept
      },
      (kept) => this.#catalog.keepDataset(kept),
    )
  }

  getDataset(address: DatasetAddress): KeptDataset {
    const kept = this.#catalog.dataset(address.dataset)
    const reference = kept?.datasetReference
    if (!kept || reference?.datasetId !== address.dataset || reference.projectId !== address.project) {
      throw new StoreError('notFound', `Not found: Dataset ${datasetLabel(address)}`)
    }
    return kept
  }

  listDatasets(project: string): KeptDataset[] {
    return this.#catalog.datasets().filter(({ datasetReference }) => datasetReference.projectId === project)
  }

  async deleteDataset(address: DatasetAddress, { deleteContents = false } = {}): Promise<void> {
    await this.transaction(
      async (connection) => {
        this.getDataset(address)
        if (!deleteContents && this.#catalog.tables(address.dataset).length > 0) {
          throw new StoreError('resourceInUse', `Dataset ${datasetLabel(address)} is still in use`)
        }
        await connection.run(`DROP SCHEMA ${quoted(address.dataset)} CASCADE`)
        await eraseDataset(connection, address.dataset)
      },
      () => this.#catalog.dropDataset(address),
    )
  }

  /** For a view, `viewSql` is the DuckDB translation of `resource.view.query`, and is required. */
  async createTable(resource: TableResource, viewSql?: string): Promise<KeptTable> {
    const address = addressOf(resource)
    checkTableId(address.table)
    return this.transaction(
      async (connection) => {
        const dataset = this.getDataset(address)
        const other = this.#catalog.table(address.dataset, address.table)?.tableReference
        if (other) throw alreadyExists('Table', tableLabel(address), other.tableId === address.table)
        const type: KeptTable['type'] = resource.view ? 'VIEW' : 'TABLE'
        const kept = { ...withDefaults(resource, dataset), ...this.#stamp(), type }
        await connection.run(
          resource.view ? viewDefinition(address, viewSql) : tableDefinition(address, resource),
        )
        await writeTable(connection, kept)
        return kept
      },
      (kept) => this.#catalog.keepTable(kept),
    )
  }

  getTable(address: TableAddress): KeptTable {
    this.getDataset(address)
    const kept = this.#catalog.table(address.dataset, address.table)
    if (!kept || kept.tableReference.tableId !== address.table) {
      throw new StoreError('notFound', `Not found: Table ${tableLabel(address)}`)
    }
    return kept
  }

  listTables(address: DatasetAddress): KeptTable[] {
    this.getDataset(address)
    return this.#catalog.tables(address.dataset)
  }

  /** Changes what BigQuery lets one change in place: see `table-patch.ts`. A view's query is not among it. */
  async patchTable(address: TableAddress, patch: Partial<TableResource>): Promise<KeptTable> {
    return this.transaction(
      async (connection) => {
        const before = this.getTable(address)
        const resource = patchedResource(tableLabel(address), before, patch)
        const { lastModifiedTime, etag } = this.#stamp()
        const { creationTime, type } = before
        const kept = { ...resource, creationTime, type, lastModifiedTime, etag }
        for (const statement of alterations(address, before, resource)) await connection.run(statement)
        await writeTable(connection, kept)
        return kept
      },
      (kept) => this.#catalog.keepTable(kept),
    )
  }

  async deleteTable(address: TableAddress): Promise<void> {
    await this.transaction(
      async (connection) => {
        const { type } = this.getTable(address)
        await connection.run(`DROP ${type} ${quotedTable(address)}`)
        await eraseTable(connection, address)
      },
      () => this.#catalog.dropTable(address),
    )
  }

  /** Runs one statement that reads, beside the writer, and sees what is committed. Throws DuckDB's own errors. */
  query(duckSql: string, parameters?: readonly DuckDBValue[]): Promise<QueryResult> {
    return this.#database.query(duckSql, parameters)
  }

  /**
   * Runs `work` in one transaction on the only writing connection, after those before it; rolled back when it throws.
   * `committed` is called with its result before the next transaction begins. Calls must not nest.
   */
  transaction<T>(
    work: (connection: DuckDBConnection) => Promise<T>,
    committed?: (result: T) => void,
  ): Promise<T> {
    return this.#database.transaction(work, committed)
  }

  /** Creation times are unique within a store, so that they tell a table from its successor of the same name. */
  #stamp(): Kept {
    this.#lastTime = Math.max(this.#now(), this.#lastTime + 1)
    const time = String(this.#lastTime)
    return { creationTime: time, lastModifiedTime: time, etag: time }
  }
}

function addressOf({ tableReference }: TableResource): TableAddress {
  const { projectId, datasetId, tableId } = tableReference
  return { project: projectId, dataset: datasetId, table: tableId }
}

function alreadyExists(kind: string, label: string, sameCase: boolean): StoreError {
  if (sameCase) return new StoreError('duplicate', `Already Exists: ${kind} ${label}`)
  return invalid(`${kind} ${label} differs only in case from an existing one: not possible in this stand-in`)
}

function viewDefinition(address: TableAddress, viewSql: string | undefined): string {
  if (viewSql === undefined) throw invalid(`View ${tableLabel(address)} has no query that DuckDB can run`)
  return `CREATE VIEW ${quotedTable(address)} AS ${viewSql}`
}

function tableDefinition(address: TableAddress, resource: TableResource): string {
  const fields = resource.schema?.fields ?? []
  if (fields.length === 0) throw invalid(`Table ${tableLabel(address)} must have at least one field here`)
  checkColumnNames(fields)
  checkLayout(resource)
  return `CREATE TABLE ${quotedTable(address)} (${fields.map(columnDefinition).join(', ')})`
}

function columnDefinition(column: ColumnResource): string {
  return `${quoted(column.name)} ${duckType(column)}${column.mode === 'REQUIRED' ? ' NOT NULL' : ''}`
}

/** The statements that take DuckDB's table from one schema to the next. Nested fields change by a cast, by name. */
function alterations(address: TableAddress, before: TableResource, after: TableResource): string[] {
  const old = new Map(before.schema?.fields?.map((column) => [column.name, column]))
  const alter = `ALTER TABLE ${quotedTable(address)}`
  return (after.schema?.fields ?? []).flatMap((column) => {
    const was = old.get(column.name)
    if (!was) return [`${alter} ADD COLUMN ${columnDefinition(column)}`]
    const change = `${alter} ALTER COLUMN ${quoted(column.name)}`
    return [
      ...(duckType(was) === duckType(column) ? [] : [`${change} TYPE ${duckType(column)}`]),
      ...(was.mode === 'REQUIRED' && column.mode !== 'REQUIRED' ? [`${change} DROP NOT NULL`] : []),
    ]
  })
}
