import type { BigQuery } from '@google-cloud/bigquery'
import { CommandError } from '../../commands/command-error.ts'

/** Tables that are read as one: one of that name or, with a star at its end, all whose names begin so. */
export interface ComparedTables {
  /** As it stands in a query, without backquotes. */
  readonly path: string
  /** Columns that all of them have, with their types. */
  readonly columns: ReadonlyMap<string, string>
}

/** Names of datasets and tables may have more letters than these, which nobody's do: they go into a query's text. */
const pathPattern =
  /^(?:(?<project>[a-z][a-z0-9.:-]*[a-z0-9])\.)?(?<dataset>[A-Za-z0-9_]+)\.(?<table>[A-Za-z0-9_-]+\*?)$/

/** @param path `dataset.table`, with its project or without. @throws CommandError when there is no such table. */
export async function comparedTables(
  bigquery: BigQuery,
  path: string,
  ownProject: string,
): Promise<ComparedTables> {
  const { project = ownProject, dataset = '', table = '' } = pathPattern.exec(path)?.groups ?? {}
  if (dataset === '')
    throw new CommandError(
      `${path} is no table: give dataset.table or project.dataset.table, with * at its end for many`,
    )
  const found = bigquery.dataset(dataset, { projectId: project })
  const named = table.endsWith('*') ? await namesOf(found, table.slice(0, -1)) : [table]
  if (named.length === 0) throw new CommandError(`there is no table ${path}`)
  const schemas = await Promise.all(named.map(async (name) => columnsOf(await metadataOf(found, name, path))))
  const [first = new Map<string, string>(), ...others] = schemas
  const shared = [...first].filter(([name, type]) => others.every((schema) => schema.get(name) === type))
  return { path: `${project}.${dataset}.${table}`, columns: new Map(shared) }
}

type Dataset = ReturnType<BigQuery['dataset']>

async function namesOf(dataset: Dataset, prefix: string): Promise<string[]> {
  const [tables] = await dataset.getTables()
  return tables.flatMap(({ id, metadata }) =>
    id?.startsWith(prefix) && metadata.type !== 'VIEW' ? [id] : [],
  )
}

async function metadataOf(dataset: Dataset, name: string, path: string): Promise<Metadata> {
  try {
    const [metadata] = await dataset.table(name).getMetadata()
    return metadata
  } catch (error) {
    if (error instanceof Error && 'code' in error && Number(error.code) === 404)
      throw new CommandError(`there is no table ${path}`)
    throw error
  }
}

interface Metadata {
  readonly schema?: {
    readonly fields?: readonly { readonly name?: string; readonly type?: string; readonly mode?: string }[]
  }
}

/** By name in lower case, as BigQuery has them. Lists and records are not compared. */
function columnsOf({ schema }: Metadata): Map<string, string> {
  const columns = new Map<string, string>()
  for (const { name, type, mode } of schema?.fields ?? [])
    if (name && type && mode !== 'REPEATED' && type !== 'RECORD') columns.set(name.toLowerCase(), type)
  return columns
}
