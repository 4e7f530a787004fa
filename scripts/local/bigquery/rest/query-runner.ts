import type { DuckDBValue } from '@duckdb/node-api'
import type { Catalog, TablePath } from '../sql/catalog.ts'
import { parseStatement } from '../sql/statement.ts'
import { translate } from '../sql/translate.ts'
import type { ColumnResource, KeptTable, TableAddress, TableResource } from '../store/resources.ts'
import type { BigQueryStore } from '../store/store.ts'
import { ApiError, refusedByDuckDb } from './api-error.ts'
import { bindParameters, type QueryParameter } from './parameters.ts'
import { resultColumn } from './result-schema.ts'

export interface QueryRequest {
  readonly query: string
  readonly parameters: readonly QueryParameter[]
  readonly defaultDataset?: string
  /** Only checks the statement and finds the columns of its result. */
  readonly dryRun?: boolean
}

export interface QueryOutcome {
  readonly statementType: 'SELECT' | 'CREATE_VIEW' | 'DROP_VIEW'
  readonly columns: readonly ColumnResource[]
  readonly rows: readonly (readonly DuckDBValue[])[]
}

/** Runs GoogleSQL statements on the store. */
export class QueryRunner {
  readonly #store: BigQueryStore
  readonly #catalog: Catalog

  constructor(store: BigQueryStore, catalog: Catalog) {
    this.#store = store
    this.#catalog = catalog
  }

  async run(request: QueryRequest): Promise<QueryOutcome> {
    const statement = parseStatement(request.query, this.#catalog, request.defaultDataset)
    if (statement.kind === 'query') return this.#select(request)
    if (!request.dryRun) {
      if (statement.kind === 'dropView') await this.#dropView(statement.view, statement.ifMissing)
      else await this.#createView(statement.view, statement.query, statement.ifExists)
    }
    const statementType = statement.kind === 'dropView' ? 'DROP_VIEW' : 'CREATE_VIEW'
    return { statementType, columns: [], rows: [] }
  }

  /** Creates a view from its resource, its schema found from its query. */
  async createView(
    resource: TableResource & { readonly view: { readonly query: string } },
  ): Promise<KeptTable> {
    const sql = translate(resource.view.query, this.#catalog)
    const fields = await this.#columns(sql, [])
    return this.#store.createTable({ ...resource, schema: { fields } }, sql)
  }

  /** Puts another view in the place of one. Between the two steps, and after a kill there, neither exists. */
  async replaceView(
    resource: TableResource & { readonly view: { readonly query: string } },
  ): Promise<KeptTable> {
    await this.#columns(translate(resource.view.query, this.#catalog), [])
    await this.#store.deleteTable(this.#address(resource.tableReference))
    return this.createView(resource)
  }

  async #select(request: QueryRequest): Promise<QueryOutcome> {
    const { values, parameterSql } = bindParameters(request.parameters)
    const { defaultDataset } = request
    const options = { parameterSql, ...(defaultDataset === undefined ? {} : { defaultDataset }) }
    const sql = translate(request.query, this.#catalog, options)
    const columns = await this.#columns(sql, values)
    const rows = request.dryRun ? [] : (await this.#read(sql, values)).rows
    return { statementType: 'SELECT', columns, rows }
  }

  /** From DESCRIBE, because a result's own types do not tell JSON from text within structs and lists. */
  async #columns(sql: string, values: readonly (string | null)[]): Promise<ColumnResource[]> {
    const { rows } = await this.#read(`DESCRIBE ${sql}`, values)
    return rows.map(([name, type]) => resultColumn(String(name), String(type)))
  }

  async #read(sql: string, values: readonly (string | null)[]) {
    try {
      return await this.#store.query(sql, values)
    } catch (error) {
      throw refusedByDuckDb(error)
    }
  }

  async #dropView(path: TablePath, ifMissing: 'refuse' | 'pass'): Promise<void> {
    if (ifMissing === 'pass' && !this.#exists(path)) return
    const address = this.#address(path)
    if (this.#store.getTable(address).type !== 'VIEW') throw notAView(path)
    await this.#store.deleteTable(address)
  }

  async #createView(path: TablePath, query: string, ifExists: 'refuse' | 'keep' | 'replace'): Promise<void> {
    const tableReference = { projectId: this.#catalog.projectId, ...path }
    const resource = { tableReference, view: { query, useLegacySql: false } }
    const exists = this.#exists(path)
    if (exists && ifExists === 'keep') return
    if (!exists || ifExists === 'refuse') await this.createView(resource)
    else if (this.#store.getTable(this.#address(path)).type !== 'VIEW') throw notAView(path)
    else await this.replaceView(resource)
  }

  #exists({ datasetId, tableId }: TablePath): boolean {
    return this.#catalog.tables(datasetId)?.includes(tableId) ?? false
  }

  #address({ datasetId, tableId }: TablePath): TableAddress {
    return { project: this.#catalog.projectId, dataset: datasetId, table: tableId }
  }
}

function notAView({ datasetId, tableId }: TablePath): ApiError {
  return new ApiError(400, 'invalid', `${datasetId}.${tableId} is a table, not a view`)
}
