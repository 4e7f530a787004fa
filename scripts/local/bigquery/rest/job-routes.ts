import { randomUUID } from 'node:crypto'
import { z } from 'zod'
import { invalid, notImplemented } from './api-error.ts'
import { type TimestampFormat, wireRow } from './cell.ts'
import type { ApiRequest, Route } from './http.ts'
import type { Job, Jobs } from './jobs.ts'
import { pageOf } from './page.ts'
import { queryParametersSchema } from './parameters.ts'
import { parsed } from './parsed.ts'
import type { QueryRequest } from './query-runner.ts'

const datasetReference = z.object({ datasetId: z.string() })
const queryFields = {
  query: z.string(),
  queryParameters: queryParametersSchema.optional(),
  defaultDataset: datasetReference.nullish(),
  useLegacySql: z.boolean().optional(),
}

const jobSchema = z.object({
  jobReference: z.object({ jobId: z.string().optional() }).optional(),
  configuration: z.object({
    dryRun: z.boolean().optional(),
    query: z.looseObject({ ...queryFields, destinationTable: z.unknown().optional() }).optional(),
  }),
})

const querySchema = z.object({
  ...queryFields,
  requestId: z.string().optional(),
  dryRun: z.boolean().optional(),
  maxResults: z.number().int().nonnegative().optional(),
  formatOptions: z
    .object({ useInt64Timestamp: z.boolean().optional(), timestampOutputFormat: z.string().optional() })
    .optional(),
})

/** Methods of `jobs`. */
export function jobRoutes(jobs: Jobs): Route[] {
  return [
    { method: 'POST', path: '/jobs', call: 'jobs.insert', handle: (request) => insert(jobs, request) },
    { method: 'GET', path: '/jobs', call: 'jobs.list', handle: (request) => list(jobs, request) },
    {
      method: 'GET',
      path: '/jobs/:job',
      call: 'jobs.get',
      handle: async (request) => jobResource(await jobs.get(addressOf(request))),
    },
    { method: 'POST', path: '/queries', call: 'jobs.query', handle: (request) => query(jobs, request) },
    {
      method: 'GET',
      path: '/queries/:job',
      call: 'jobs.getQueryResults',
      handle: async (request) =>
        queryResults('bigquery#getQueryResultsResponse', await jobs.get(addressOf(request)), request.query),
    },
  ]
}

async function insert(jobs: Jobs, request: ApiRequest): Promise<unknown> {
  const { jobReference, configuration } = parsed(jobSchema, request.body)
  if (!configuration.query) throw notImplemented('The local stand-in of BigQuery runs query jobs only')
  if (configuration.query.destinationTable) {
    throw notImplemented('The local stand-in of BigQuery does not write query results to a destination table')
  }
  const address = { projectId: request.path['project'] ?? '', jobId: jobReference?.jobId ?? randomUUID() }
  const { dryRun = false } = configuration
  const wanted = queryRequest(configuration.query, dryRun)
  if (!dryRun) return jobResource(await jobs.insert(address, wanted, configuration.query))
  const job = await jobs.run(address, wanted, configuration.query)
  if (job.error) throw job.error
  return jobResource(job, { dryRun, schema: { fields: job.columns } })
}

async function query(jobs: Jobs, request: ApiRequest): Promise<unknown> {
  const body = parsed(querySchema, request.body)
  const address = { projectId: request.path['project'] ?? '', jobId: `job_${body.requestId ?? randomUUID()}` }
  const { dryRun = false, formatOptions, maxResults } = body
  const wanted = queryRequest(body, dryRun)
  const configuration = { query: body.query }
  const job = await (dryRun
    ? jobs.run(address, wanted, configuration)
    : jobs.insertOnce(address, wanted, configuration))
  const options = new URLSearchParams()
  if (maxResults !== undefined) options.set('maxResults', String(maxResults))
  for (const [name, value] of Object.entries(formatOptions ?? {}))
    options.set(`formatOptions.${name}`, String(value))
  return queryResults('bigquery#queryResponse', job, options)
}

function queryRequest(body: z.infer<z.ZodObject<typeof queryFields>>, dryRun: boolean): QueryRequest {
  if (body.useLegacySql === true) throw invalid('The local stand-in of BigQuery has no legacy SQL')
  return {
    query: body.query,
    parameters: body.queryParameters ?? [],
    dryRun,
    ...(body.defaultDataset ? { defaultDataset: body.defaultDataset.datasetId } : {}),
  }
}

async function list(jobs: Jobs, request: ApiRequest): Promise<unknown> {
  const all = await jobs.list(request.path['project'] ?? '')
  const { items, nextPageToken } = pageOf(all, request.query)
  return { kind: 'bigquery#jobList', jobs: items.map((job) => jobResource(job)), nextPageToken }
}

function addressOf({ path }: ApiRequest): { projectId: string; jobId: string } {
  return { projectId: path['project'] ?? '', jobId: path['job'] ?? '' }
}

function jobReference({ projectId, jobId, location }: Job) {
  return { projectId, jobId, location }
}

function jobResource(job: Job, dry?: { dryRun: boolean; schema: unknown }): unknown {
  const error = job.error?.errorProto()
  const statistics = { totalBytesProcessed: '0', cacheHit: false, statementType: job.statementType }
  return {
    kind: 'bigquery#job',
    id: `${job.projectId}:${job.location}.${job.jobId}`,
    jobReference: jobReference(job),
    configuration: { jobType: 'QUERY', query: job.configuration, dryRun: dry?.dryRun },
    status: { state: 'DONE', ...(error ? { errorResult: error, errors: [error] } : {}) },
    statistics: {
      creationTime: String(job.createdAt),
      startTime: String(job.createdAt),
      endTime: String(job.endedAt),
      totalBytesProcessed: '0',
      query: { ...statistics, schema: dry?.schema },
    },
  }
}

function queryResults(kind: string, job: Job, query: URLSearchParams): unknown {
  if (job.error) throw job.error
  const { items, nextPageToken } = pageOf(job.rows, query)
  const timestamps = timestampFormat(query)
  return {
    kind,
    jobReference: jobReference(job),
    jobComplete: true,
    cacheHit: false,
    totalBytesProcessed: '0',
    schema: { fields: job.columns },
    totalRows: String(job.rows.length),
    rows: items.map((row) => wireRow(job.columns, row, timestamps)),
    pageToken: nextPageToken,
  }
}

/** What the caller asks for; BigQuery's default is seconds with a fraction. */
export function timestampFormat(query: URLSearchParams): TimestampFormat {
  const format = query.get('formatOptions.timestampOutputFormat')
  if (format === 'INT64' || format === 'ISO8601_STRING') return format
  return query.get('formatOptions.useInt64Timestamp') === 'true' ? 'INT64' : 'FLOAT64'
}
