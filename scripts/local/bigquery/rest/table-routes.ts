import { z } from 'zod'
import { quoted, quotedTable } from '../store/names.ts'
import type { ColumnResource, KeptTable, TableAddress, TableResource } from '../store/resources.ts'
import type { BigQueryStore } from '../store/store.ts'
import { ApiError, notImplemented } from './api-error.ts'
import { wireRow } from './cell.ts'
import type { ApiRequest, Route } from './http.ts'
import { timestampFormat } from './job-routes.ts'
import { pageBounds, pageOf } from './page.ts'
import { parsed } from './parsed.ts'
import type { QueryRunner } from './query-runner.ts'

const columnSchema: z.ZodType<ColumnResource> = z.looseObject({
  name: z.string(),
  type: z.string(),
  mode: z.enum(['NULLABLE', 'REQUIRED', 'REPEATED']).exactOptional(),
  get fields() {
    return z.array(columnSchema).exactOptional()
  },
})
const tableFields = {
  schema: z.looseObject({ fields: z.array(columnSchema).exactOptional() }).exactOptional(),
  view: z.looseObject({ query: z.string() }).exactOptional(),
  timePartitioning: z.looseObject({ type: z.string(), field: z.string().exactOptional() }).exactOptional(),
}
const newTableSchema = z.looseObject({
  ...tableFields,
  tableReference: z.looseObject({ tableId: z.string() }),
})
const tablePatchSchema = z.looseObject(tableFields)

/** Fields of a resource that the server gives: a client that sends back what it read must not set them. */
const outputOnly = [
  'kind',
  'id',
  'selfLink',
  'etag',
  'creationTime',
  'lastModifiedTime',
  'type',
  'numRows',
  'location',
].concat(['tableReference'])

/** Methods of `tables` and `tabledata`. */
export function tableRoutes(store: BigQueryStore, runner: QueryRunner, location: string): Route[] {
  const tables = new TableMethods(store, runner, location)
  const [all, one] = ['/datasets/:dataset/tables', '/datasets/:dataset/tables/:table']
  return [
    { method: 'POST', path: all, call: 'tables.insert', handle: (request) => tables.insert(request) },
    { method: 'GET', path: all, call: 'tables.list', handle: (request) => tables.list(request) },
    { method: 'GET', path: one, call: 'tables.get', handle: (request) => tables.get(request) },
    { method: 'PATCH', path: one, call: 'tables.patch', handle: (request) => tables.patch(request) },
    { method: 'PUT', path: one, call: 'tables.update', handle: (request) => tables.patch(request) },
    {
      method: 'DELETE',
      path: one,
      call: 'tables.delete',
      handle: (request) => store.deleteTable(addressOf(request)),
    },
    { method: 'GET', path: `${one}/data`, call: 'tabledata.list', handle: (request) => tables.rows(request) },
    {
      method: 'POST',
      path: `${one}/insertAll`,
      call: 'tabledata.insertAll',
      handle: () => {
        throw notImplemented(
          'The local stand-in of BigQuery has no tabledata.insertAll: write with the Storage Write API',
        )
      },
    },
  ]
}

class TableMethods {
  readonly #store: BigQueryStore
  readonly #runner: QueryRunner
  readonly #location: string

  constructor(store: BigQueryStore, runner: QueryRunner, location: string) {
    this.#store = store
    this.#runner = runner
    this.#location = location
  }

  async insert({ path, body }: ApiRequest): Promise<unknown> {
    const { tableReference, ...fields } = parsed(newTableSchema, body)
    const resource: TableResource = {
      ...withoutOutput(fields),
      tableReference: {
        projectId: path['project'] ?? '',
        datasetId: path['dataset'] ?? '',
        tableId: tableReference.tableId,
      },
    }
    return this.#resource(await this.#create(resource))
  }

  list({ path, query }: ApiRequest): unknown {
    const dataset = { project: path['project'] ?? '', dataset: path['dataset'] ?? '' }
    const all = this.#store.listTables(dataset)
    const { items, nextPageToken } = pageOf(all, query)
    const tables = items.map(({ schema: _, ...listed }) => ({
      kind: 'bigquery#table',
      id: idOf(listed),
      ...listed,
    }))
    return { kind: 'bigquery#tableList', tables, totalItems: all.length, nextPageToken }
  }

  get(request: ApiRequest): Promise<unknown> {
    return this.#resource(this.#store.getTable(addressOf(request)))
  }

  /** Also serves tables.update, which BigQuery lets leave out what is not to change only for some fields. */
  async patch(request: ApiRequest): Promise<unknown> {
    const address = addressOf(request)
    const before = this.#store.getTable(address)
    if (request.ifMatch !== undefined && request.ifMatch !== before.etag) {
      throw new ApiError(412, 'conditionNotMet', 'Precondition check failed.')
    }
    const patch: Partial<TableResource> = withoutOutput(parsed(tablePatchSchema, request.body))
    const { view } = patch
    const { tableReference } = before
    const replaced = view && before.view && view.query !== before.view.query
    return this.#resource(
      await (replaced
        ? this.#runner.replaceView({ ...withoutOutput(before), ...patch, tableReference, view })
        : this.#store.patchTable(address, patch)),
    )
  }

  async rows(request: ApiRequest): Promise<unknown> {
    const address = addressOf(request)
    const table = this.#store.getTable(address)
    if (table.type === 'VIEW') throw new ApiError(400, 'invalid', 'Cannot list a table of type VIEW.')
    const { start, size } = pageBounds(request.query)
    const selected = request.query.get('selectedFields')?.toLowerCase().split(',')
    const columns = (table.schema?.fields ?? []).filter(
      ({ name }) => selected?.includes(name.toLowerCase()) ?? true,
    )
    const names = columns.map(({ name }) => quoted(name)).join(', ')
    const total = await this.#count(address)
    const sql = `SELECT ${names} FROM ${quotedTable(address)} LIMIT ${size} OFFSET ${start}`
    const { rows } = await this.#store.query(sql)
    const timestamps = timestampFormat(request.query)
    return {
      kind: 'bigquery#tableDataList',
      totalRows: String(total),
      rows: rows.map((row) => wireRow(columns, row, timestamps)),
      pageToken: start + rows.length < total && size > 0 ? String(start + rows.length) : undefined,
    }
  }

  #create(resource: TableResource): Promise<KeptTable> {
    const { view } = resource
    return view ? this.#runner.createView({ ...resource, view }) : this.#store.createTable(resource)
  }

  async #resource(kept: KeptTable): Promise<unknown> {
    const { projectId, datasetId, tableId } = kept.tableReference
    const address = { project: projectId, dataset: datasetId, table: tableId }
    const numRows = kept.type === 'VIEW' ? {} : { numRows: String(await this.#count(address)) }
    return { kind: 'bigquery#table', id: idOf(kept), location: this.#location, ...kept, ...numRows }
  }

  async #count(address: TableAddress): Promise<number> {
    const { rows } = await this.#store.query(`SELECT count(*) FROM ${quotedTable(address)}`)
    return Number(rows[0]?.[0] ?? 0)
  }
}

function addressOf({ path }: ApiRequest): TableAddress {
  return { project: path['project'] ?? '', dataset: path['dataset'] ?? '', table: path['table'] ?? '' }
}

function idOf({ tableReference }: Pick<KeptTable, 'tableReference'>): string {
  return `${tableReference.projectId}:${tableReference.datasetId}.${tableReference.tableId}`
}

function withoutOutput<Fields extends object>(fields: Fields): Fields {
  const kept = { ...fields }
  for (const name of outputOnly) Reflect.deleteProperty(kept, name)
  return kept
}
