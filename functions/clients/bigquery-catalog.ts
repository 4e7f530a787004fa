import { BigQuery } from '@google-cloud/bigquery'
import type { TableCatalog, View } from '../append/tables.ts'
import { Failure, messageOf } from '../model/failure.ts'
import type { Table } from '../model/table.ts'

/** Table metadata over the official client. */
export class BigQueryCatalog implements TableCatalog {
  readonly #client: BigQuery
  readonly #location: string

  constructor(project: string, location: string) {
    this.#client = new BigQuery({ projectId: project, location })
    this.#location = location
  }

  async create(table: Table): Promise<void> {
    await named(`creating table ${table.dataset}.${table.name}`, async () => {
      await this.#createTable(table).catch(async (error: unknown) => {
        if (!hasStatus(error, 404)) throw error
        await unlessThere(this.#client.createDataset(table.dataset, { location: this.#location }))
        await this.#createTable(table)
      })
    })
  }

  async widen(table: Table): Promise<void> {
    await named(`adding columns to ${table.dataset}.${table.name}`, async () => {
      const existing = this.#client.dataset(table.dataset).table(table.name)
      const [metadata] = await existing.getMetadata()
      const known: readonly { name: string }[] = metadata.schema.fields
      const names = new Set(known.map(({ name }) => name.toLowerCase()))
      const missing = fieldsOf(table).filter(({ name }) => !names.has(name.toLowerCase()))
      if (missing.length > 0) await existing.setMetadata({ schema: { fields: [...known, ...missing] } })
    })
  }

  async createView(view: View): Promise<void> {
    const definition = { view: { query: view.query, useLegacySql: false } }
    await named(`creating view ${view.dataset}.${view.name}`, () =>
      unlessThere(this.#client.dataset(view.dataset).createTable(view.name, definition)),
    )
  }

  async count(dataset: string, prefix: string, atMost: number): Promise<number> {
    let found = 0
    await named(`listing tables of ${dataset}`, async () => {
      try {
        for await (const table of this.#client.dataset(dataset).getTablesStream()) {
          if (table.id?.startsWith(prefix)) found += 1
          if (found >= atMost) break
        }
      } catch (error) {
        // The first table makes the dataset.
        if (!hasStatus(error, 404)) throw error
      }
    })
    return found
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

function fieldsOf({ layout }: Table) {
  return layout.columns.map(({ name, type, mode, description }) => {
    return { name, type, mode: mode ?? 'NULLABLE', description }
  })
}

async function named(what: string, work: () => Promise<void>): Promise<void> {
  try {
    await work()
  } catch (error) {
    throw new Failure('system', 'append', 'table_unavailable', `${what}: ${messageOf(error)}`, error)
  }
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
