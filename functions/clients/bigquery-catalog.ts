import type { BigQuery } from '@google-cloud/bigquery'
import type { TableCatalog } from '../append/tables.ts'
import { withDeadline } from '../model/deadline.ts'
import { Failure, messageOf } from '../model/failure.ts'
import type { Table, TableColumn } from '../model/table.ts'
import { restError } from './rest-error.ts'

/** Milliseconds a change of metadata may take. */
const defaultTimeoutMs = 60_000

/** Table metadata over the official client. */
export class BigQueryCatalog implements TableCatalog {
  readonly #client: BigQuery
  readonly #location: string
  readonly #timeoutMs: number

  constructor(client: BigQuery, location: string, timeoutMs = defaultTimeoutMs) {
    this.#timeoutMs = timeoutMs
    this.#client = client
    this.#location = location
  }

  async create(table: Table): Promise<void> {
    await this.#named(`creating table ${table.dataset}.${table.name}`, async () => {
      await this.#createTable(table).catch(async (error: unknown) => {
        if (!hasStatus(error, 404)) throw error
        await unlessThere(this.#client.createDataset(table.dataset, { location: this.#location }))
        await this.#createTable(table)
      })
    })
  }

  async widen(table: Table): Promise<readonly TableColumn[]> {
    return this.#named(`adding columns to ${table.dataset}.${table.name}`, async () => {
      const existing = this.#client.dataset(table.dataset).table(table.name)
      for (let before = -1; ; ) {
        const [metadata] = await existing.getMetadata()
        // A table that was made without columns has no schema.
        const known: readonly Field[] = metadata.schema?.fields ?? []
        const names = new Set(known.map(({ name }) => name.toLowerCase()))
        const missing = fieldsOf(table).filter(({ name }) => !names.has(name.toLowerCase()))
        if (missing.length === 0) return known.map(asColumn)
        try {
          await existing.setMetadata({ schema: { fields: [...known, ...missing] } })
          return [...known, ...missing].map(asColumn)
        } catch (error) {
          // BigQuery refuses a schema that lacks what another instance has added meanwhile: then once more.
          if (before === known.length) throw error
          before = known.length
        }
      }
    })
  }

  async names(dataset: string, prefix: string, atMost: number): Promise<readonly string[]> {
    const found: string[] = []
    await this.#named(`listing tables of ${dataset}`, async () => {
      try {
        for await (const table of this.#client.dataset(dataset).getTablesStream()) {
          if (table.id?.startsWith(prefix)) found.push(table.id)
          if (found.length >= atMost) break
        }
      } catch (error) {
        // The first table makes the dataset.
        if (!hasStatus(error, 404)) throw error
      }
    })
    return found
  }

  async #named<T>(what: string, work: () => Promise<T>): Promise<T> {
    try {
      return await withDeadline(work(), this.#timeoutMs, what)
    } catch (error) {
      throw new Failure(
        'system',
        'append',
        'table_unavailable',
        `${what}: ${messageOf(error)}`,
        restError(error),
      )
    }
  }

  async #createTable(table: Table): Promise<void> {
    const { layout } = table
    await unlessThere(
      this.#client.dataset(table.dataset).createTable(table.name, {
        schema: { fields: fieldsOf(table) },
        timePartitioning: { type: 'DAY', field: layout.partitionBy },
        clustering: { fields: [...layout.clusterBy] },
        description: layout.description,
      }),
    )
  }
}

interface Field {
  readonly name: string
  readonly type: string
  readonly mode?: string
}

/** The API gives types by their names in legacy SQL: https://docs.cloud.google.com/bigquery/docs/reference/rest/v2/tables#TableFieldSchema */
const standardTypes: ReadonlyMap<string, string> = new Map([
  ['INTEGER', 'INT64'],
  ['FLOAT', 'FLOAT64'],
  ['BOOLEAN', 'BOOL'],
])

/** A column of the API by GoogleSQL's name of its type. */
export function asColumn({ name, type, mode = 'NULLABLE' }: Field): TableColumn {
  return { name, type: standardTypes.get(type) ?? type, mode }
}

function fieldsOf({ layout }: Table) {
  return layout.columns.map(({ name, type, mode, description }) => {
    return { name, type, mode: mode ?? 'NULLABLE', description }
  })
}

async function unlessThere(call: Promise<unknown>): Promise<void> {
  try {
    await call
  } catch (error) {
    if (!hasStatus(error, 409)) throw error
  }
}

function hasStatus(error: unknown, status: number): boolean {
  return error instanceof Error && 'code' in error && Number(error.code) === status
}
