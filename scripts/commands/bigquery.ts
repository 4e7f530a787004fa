import { BigQuery } from '@google-cloud/bigquery'
import { messageOf } from '../../functions/model/failure.ts'
import { quoteWildcards } from '../local/bigquery/sql/table-paths.ts'
import { startBigQuery } from '../local/bigquery/start.ts'
import { googleDefaults } from '../local/bridge.ts'
import { forgetEmulators, pointClientsAt } from '../settings.ts'
import { CommandError } from './command-error.ts'
import type { CommandContext } from './context.ts'

/** A row as the official client gives it. */
export type ResultRow = Readonly<Record<string, unknown>>

/** Runs GoogleSQL and gives all rows. Values go in by name, never into the text. */
export type RunQuery = (sql: string, params?: Readonly<Record<string, unknown>>) => Promise<ResultRow[]>

/** The same, a row at a time: for more rows than memory should hold. */
export type StreamQuery = (
  sql: string,
  params: Readonly<Record<string, unknown>>,
) => AsyncGenerator<ResultRow>

/** GoogleSQL through the official client, at whatever the environment points it at. */
export function queryRunner(context: Pick<CommandContext, 'bridge'>): RunQuery {
  const { project, location } = context.bridge.google
  const client = new BigQuery({ projectId: project, location })
  return async (sql, params) => {
    const [rows] = await client.query({ query: quoteWildcards(sql), ...(params && { params }) })
    return rows
  }
}

/** The same, a page of rows at a time. Gives none where a table is not there yet: the first row of a kind makes it. */
export function queryStreamer(context: Pick<CommandContext, 'bridge'>): StreamQuery {
  const { project, location } = context.bridge.google
  const client = new BigQuery({ projectId: project, location })
  return async function* (sql, params) {
    try {
      yield* client.createQueryStream({ query: quoteWildcards(sql), params })
    } catch (error) {
      if (!isMissing(error)) throw queryError(error)
    }
  }
}

/**
 * Runs work that queries: in the cloud, on the bridge that runs here, or, when none does, on its data with just
 * BigQuery's stand-in started for as long as the work takes.
 */
export async function withQueries<T>(
  context: CommandContext,
  options: { readonly cloud?: boolean },
  work: (run: RunQuery) => Promise<T>,
): Promise<T> {
  const running = options.cloud ? undefined : context.state.running()
  if (running) pointClientsAt(running.environment)
  if (options.cloud || running) return work(queryRunner(context))
  const { project: projectId, location } = context.bridge.google
  forgetEmulators()
  const bigquery = await startBigQuery({ directory: context.state.of('bigquery'), projectId, location })
  try {
    pointClientsAt({ ...bigquery.environment, ...googleDefaults(projectId) })
    return await work(queryRunner(context))
  } finally {
    await bigquery.stop()
  }
}

/** The rows, or none where the table is not there yet: the first row of a kind makes it. */
export async function rowsOrNone(rows: Promise<ResultRow[]>): Promise<ResultRow[]> {
  try {
    return await rows
  } catch (error) {
    if (isMissing(error)) return []
    throw queryError(error)
  }
}

/** Of a wildcard BigQuery says so in words, with code 400. */
function isMissing(error: unknown): boolean {
  if (!(error instanceof Error)) return false
  return ('code' in error && Number(error.code) === 404) || error.message.includes('does not match any table')
}

/** Turns what the service says of a query into what a person can act on. */
export function queryError(error: unknown): CommandError {
  return new CommandError(`the query failed: ${messageOf(error)}`, error)
}
