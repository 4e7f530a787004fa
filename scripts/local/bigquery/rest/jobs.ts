import type { DuckDBValue } from '@duckdb/node-api'
import type { ColumnResource } from '../store/resources.ts'
import { ApiError, notFound, toApiError } from './api-error.ts'
import type { QueryOutcome, QueryRequest, QueryRunner } from './query-runner.ts'

/** One finished query job. */
export interface Job {
  readonly projectId: string
  readonly jobId: string
  readonly location: string
  /** Milliseconds since 1970. */
  readonly createdAt: number
  readonly endedAt: number
  /** `configuration.query` as it was sent. */
  readonly configuration: unknown
  readonly statementType: QueryOutcome['statementType'] | undefined
  readonly columns: readonly ColumnResource[]
  readonly rows: readonly (readonly DuckDBValue[])[]
  readonly error: ApiError | undefined
}

export interface JobAddress {
  readonly projectId: string
  readonly jobId: string
}

/** Jobs remembered. BigQuery keeps them six months; here they go when the process ends or others take their place. */
const mostJobs = 500

/** Query jobs, in memory only. A job has run to its end before anyone can see it. */
export class Jobs {
  readonly #runner: QueryRunner
  readonly #location: string
  readonly #now: () => number
  /** By project and id. Entered at the start, so that a second insert of one id meets the first. */
  readonly #jobs = new Map<string, Promise<Job>>()

  constructor(runner: QueryRunner, location: string, now: () => number) {
    this.#runner = runner
    this.#location = location
    this.#now = now
  }

  /** Runs a query under an id of its own. A query that fails makes a job that tells so. */
  insert(address: JobAddress, request: QueryRequest, configuration: unknown): Promise<Job> {
    const key = keyOf(address)
    if (this.#jobs.has(key)) {
      const label = `${address.projectId}:${this.#location}.${address.jobId}`
      throw new ApiError(409, 'duplicate', `Already Exists: Job ${label}`)
    }
    return this.#remember(key, this.run(address, request, configuration))
  }

  /** Runs a query once for any number of requests with this id. */
  insertOnce(address: JobAddress, request: QueryRequest, configuration: unknown): Promise<Job> {
    return this.#jobs.get(keyOf(address)) ?? this.insert(address, request, configuration)
  }

  /** Runs a query without keeping the job. */
  async run(address: JobAddress, request: QueryRequest, configuration: unknown): Promise<Job> {
    const createdAt = this.#now()
    const common = { ...address, location: this.#location, createdAt, configuration }
    try {
      const outcome = await this.#runner.run(request)
      return { ...common, ...outcome, error: undefined, endedAt: this.#now() }
    } catch (cause) {
      const error = toApiError(cause)
      return { ...common, statementType: undefined, columns: [], rows: [], error, endedAt: this.#now() }
    }
  }

  get(address: JobAddress): Promise<Job> {
    const job = this.#jobs.get(keyOf(address))
    if (!job) throw notFound(`Not found: Job ${address.projectId}:${this.#location}.${address.jobId}`)
    return job
  }

  /** Latest first. */
  async list(projectId: string): Promise<Job[]> {
    const jobs = await Promise.all(this.#jobs.values())
    return jobs.filter((job) => job.projectId === projectId).reverse()
  }

  #remember(key: string, job: Promise<Job>): Promise<Job> {
    this.#jobs.set(key, job)
    const [oldest] = this.#jobs.keys()
    if (this.#jobs.size > mostJobs && oldest !== undefined) this.#jobs.delete(oldest)
    return job
  }
}

function keyOf({ projectId, jobId }: JobAddress): string {
  return `${projectId}/${jobId}`
}
