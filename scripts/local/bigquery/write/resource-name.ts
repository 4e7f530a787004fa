import type { TableAddress } from '../store/resources.ts'
import { invalidArgument } from './write-error.ts'

const tablePattern = /^projects\/([^/]+)\/datasets\/([^/]+)\/tables\/([^/]+)$/
const streamPattern = /^(projects\/[^/]+\/datasets\/[^/]+\/tables\/[^/]+)\/streams\/([^/]+)$/

/** The id of the stream every table has without creating it. */
export const defaultStreamId = '_default'

/** Reads `projects/P/datasets/D/tables/T`. */
export function parseTableName(name: string): TableAddress {
  const [, project, dataset, table] = tablePattern.exec(name) ?? []
  if (project === undefined || dataset === undefined || table === undefined) {
    throw invalidArgument(`Invalid table name: "${name}". Expected projects/P/datasets/D/tables/T.`)
  }
  return { project, dataset, table }
}

/** Reads `projects/P/datasets/D/tables/T/streams/S`. */
export function parseStreamName(name: string): { readonly table: TableAddress; readonly id: string } {
  const [, table, id] = streamPattern.exec(name) ?? []
  if (table === undefined || id === undefined) {
    throw invalidArgument(
      `Invalid stream name: "${name}". Expected projects/P/datasets/D/tables/T/streams/S.`,
    )
  }
  return { table: parseTableName(table), id }
}

export function tableName({ project, dataset, table }: TableAddress): string {
  return `projects/${project}/datasets/${dataset}/tables/${table}`
}
