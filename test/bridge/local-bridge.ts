import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3'
import { BigQuery } from '@google-cloud/bigquery'
import { vi } from 'vitest'
import type { Bridge } from '../../functions/config/schema.ts'
import { type LocalBridge, startLocalBridge } from '../../scripts/local/bridge.ts'
import type { FaultPlanInput } from '../../scripts/local/faults.ts'
import { StateDirectory } from '../../scripts/local/state-directory.ts'

/** A whole bridge for one test file, with official clients pointed at it. */
export interface TestBridge {
  readonly bridge: LocalBridge
  /** Where it keeps its state: commands find it there. */
  readonly directory: string
  readonly s3: S3Client
  put(bucket: string, key: string, body: Buffer | string): Promise<void>
  /** Rows of a query by the official client. */
  query(sql: string): Promise<Record<string, unknown>[]>
  /** Rows of a query once they are as wanted; fails with the last rows when that takes too long. */
  queryUntil(
    sql: string,
    wanted: (rows: Record<string, unknown>[]) => boolean,
  ): Promise<Record<string, unknown>[]>
  stop(): Promise<void>
}

const timeoutMs = 60_000

export async function startTestBridge(
  bridge: Bridge,
  options: { faults?: FaultPlanInput; configPath?: string } = {},
): Promise<TestBridge> {
  const directory = await mkdtemp(join(tmpdir(), 'causeway-bridge-'))
  const running = await startLocalBridge({ bridge, state: new StateDirectory(directory), ...options })
  const clients = connect(bridge, running.environment)
  return {
    bridge: running,
    directory,
    ...clients,
    stop: async () => {
      clients.s3.destroy()
      await running.stop()
      await rm(directory, { recursive: true, force: true })
    },
  }
}

/** Official clients of a bridge, by nothing but its environment variables. */
export function connect(bridge: Bridge, environment: Readonly<Record<string, string>>) {
  const s3 = new S3Client({
    endpoint: environment['AWS_ENDPOINT_URL_S3'] ?? '',
    region: bridge.aws.region,
    forcePathStyle: true,
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
  })
  for (const [name, value] of Object.entries(environment)) vi.stubEnv(name, value)
  const bigquery = new BigQuery({ projectId: bridge.google.project })
  const query = async (sql: string): Promise<Record<string, unknown>[]> => (await bigquery.query(sql))[0]
  return {
    s3,
    query,
    put: async (bucket: string, key: string, body: Buffer | string) => {
      await s3.send(new PutObjectCommand({ Bucket: bucket, Key: key, Body: Buffer.from(body) }))
    },
    queryUntil: async (sql: string, wanted: (rows: Record<string, unknown>[]) => boolean) => {
      let last: unknown = 'nothing yet'
      await vi
        .waitUntil(
          async () => {
            const rows = await query(sql).catch((error: unknown) => error)
            last = rows
            return Array.isArray(rows) && wanted(rows)
          },
          { timeout: timeoutMs, interval: 100 },
        )
        .catch((error: unknown) => {
          throw new Error(`${sql}\nlast gave ${JSON.stringify(last, undefined, 1)} ${String(last)}`, {
            cause: error,
          })
        })
      return last as Record<string, unknown>[]
    },
  }
}
