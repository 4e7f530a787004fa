import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { BigQuery } from '@google-cloud/bigquery'
import { Storage } from '@google-cloud/storage'
import { afterEach, vi } from 'vitest'
import { BigQueryCatalog } from '../../functions/clients/bigquery-catalog.ts'
import { GcsLedgerStore } from '../../functions/clients/gcs-ledger-store.ts'
import { GrpcWriteApi } from '../../functions/clients/write-client.ts'
import type { Bridge } from '../../functions/config/schema.ts'
import { load } from '../../functions/load.ts'
import { loadTools } from '../../functions/load-tools.ts'
import { systemClock as clock } from '../../functions/model/clock.ts'
import { landingName } from '../../functions/model/landing-name.ts'
import { type BigQueryOptions, startBigQuery } from '../../scripts/local/bigquery/start.ts'
import { startGcs } from '../../scripts/local/gcs/gcs.ts'
import { pushEvent } from '../finalize/push-event.ts'
import { chunksOf } from '../split/read-object.ts'

export const projectId = 'example-project'
const retry = { firstDelayMs: 20, longestDelayMs: 200, deadlineMs: 20_000 }
const stops: (() => Promise<void>)[] = []

afterEach(async () => {
  for (const stop of stops.splice(0).reverse()) await stop()
  vi.unstubAllEnvs()
})

/** BigQuery, GCS and any number of loaders of a bridge whose logs are in `example-logs`, as in production. */
export async function startLoaders(bridge: Bridge, write: BigQueryOptions['write'] = {}) {
  const directory = await mkdtemp(join(tmpdir(), 'causeway-loaders-'))
  stops.push(() => rm(directory, { recursive: true, force: true }))
  const bigquery = await startBigQuery({ directory: join(directory, 'bigquery'), projectId, write })
  stops.push(() => bigquery.stop())
  const gcs = await startGcs({ directory: join(directory, 'gcs'), projectId })
  stops.push(() => gcs.stop())
  const environment = { ...bigquery.environment, STORAGE_EMULATOR_HOST: gcs.endpoint }
  for (const [name, value] of Object.entries(environment)) vi.stubEnv(name, value)
  await new Storage({ projectId }).createBucket('example-ledger')
  const client = new BigQuery({ projectId })
  const query = async (sql: string): Promise<Record<string, unknown>[]> => (await client.query(sql))[0]
  return { bigquery, client, query, loader: (sizes?: Sizes) => startLoader(bridge, environment, sizes) }
}

/**
 * A loader with a memory of its own. Gives a function that loads an object, by as many deliveries as it takes. What an
 * object was read from must be let go, whatever came of it.
 */
async function startLoader(bridge: Bridge, environment: Readonly<Record<string, string>>, sizes?: Sizes) {
  const api = await GrpcWriteApi.connect(projectId, environment['CAUSEWAY_BIGQUERY_WRITE_ENDPOINT'])
  stops.push(() => api.close())
  const contents = new Map<string, string>()
  const streams: Readable[] = []
  const tools = loadTools({
    bridge,
    api,
    clock,
    retry,
    leaseMs: 5_000,
    maxInstances: 2,
    revision: 'test',
    catalog: new BigQueryCatalog(new BigQuery({ projectId }), 'US'),
    objects: {
      read: ({ source }) => {
        const stream = Readable.from(chunksOf(Buffer.from(contents.get(source.key) ?? ''), [1000]))
        streams.push(stream)
        return stream
      },
    },
    ledgerStore: new GcsLedgerStore(projectId, 'example-ledger'),
    ...(sizes && { sizes }),
  })
  stops.push(async () => tools.close())
  return async (key: string, ...lines: readonly (object | string)[]): Promise<string[]> => {
    const textOf = (line: object | string) => (typeof line === 'string' ? line : JSON.stringify(line))
    contents.set(key, lines.map((line) => `${textOf(line)}\n`).join(''))
    const deliveries: string[] = []
    while (deliveries.length < 10) {
      const { outcome } = await load(pushEvent(landingName('example-logs', key)), tools)
      deliveries.push('reason' in outcome ? outcome.reason : outcome.kind)
      if (streams.some(({ destroyed }) => !destroyed)) throw new Error(`${key} is still being read`)
      if (outcome.kind !== 'retry') break
    }
    return deliveries
  }
}

type Sizes = NonNullable<Parameters<typeof loadTools>[0]['sizes']>
