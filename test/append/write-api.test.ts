import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { BigQuery } from '@google-cloud/bigquery'
import { vi } from 'vitest'
import { BigQueryCatalog } from '../../functions/clients/bigquery-catalog.ts'
import { GrpcWriteApi } from '../../functions/clients/write-client.ts'
import { startBigQuery } from '../../scripts/local/bigquery/start.ts'
import { seededRandom } from '../../scripts/random.ts'
import { Process } from '../../scripts/simulate/process.ts'
import { type Streams, thisRevision } from '../../scripts/simulate/revision.ts'
import { calm } from '../../scripts/simulate/weather.ts'
import { World } from '../../scripts/simulate/world.ts'
import { WriteServer } from '../../scripts/simulate/write-server.ts'
import { writeClient } from '../local/bigquery-write-client.ts'
import { contractTable, flushContract, pendingContract, writeApiContract } from './write-api-contract.ts'

/** The official client, on the local stand-in for BigQuery. */
async function startClient() {
  const directory = await mkdtemp(join(tmpdir(), 'causeway-write-'))
  const bigquery = await startBigQuery({ directory, projectId: 'example-project' })
  for (const [name, value] of Object.entries(bigquery.environment)) vi.stubEnv(name, value)
  await new BigQueryCatalog(new BigQuery({ projectId: 'example-project' }), 'US').create(contractTable)
  const endpoint = bigquery.environment['CAUSEWAY_BIGQUERY_WRITE_ENDPOINT']
  const api = await GrpcWriteApi.connect('example-project', endpoint)
  const other = writeClient(endpoint ?? '')
  const client = new BigQuery({ projectId: 'example-project' })
  return {
    api,
    wait: <T>(call: Promise<T>) => call,
    finalize: (stream: string) => other.finalizeWriteStream({ name: stream }),
    visible: async () => {
      const [rows] = await client.query('SELECT message FROM logs.ecs_contract')
      return rows.map((row: { message: string }) => row.message)
    },
    stop: async () => {
      await api.close()
      await other.close()
      await bigquery.stop()
      vi.unstubAllEnvs()
      await rm(directory, { recursive: true, force: true })
    },
  }
}

writeApiContract('the client, on the local BigQuery', startClient)
flushContract('the client, on the local BigQuery', startClient)

/** The simulation's, whose streams are of this kind. */
async function startSimulated(streams: Streams) {
  const world = new World(seededRandom(1), { ...calm, slow: 0.2, slowMillis: 500 })
  const wait = async <T>(call: Promise<T>) => (await Promise.all([call, world.run(10_000)]))[0]
  const process = new Process('one')
  const { errors } = await thisRevision()
  const server = new WriteServer(world)
  await wait(server.catalogFor(process, errors).create(contractTable))
  // A table is usable some time after it was made.
  await wait(world.sleep(process, 10_000))
  const api = server.clientFor(process, { streams, errors })
  return {
    api,
    wait,
    finalize: api.finalize,
    visible: async () => server.rowsOf('logs.ecs_contract').map((row) => String(row['message'])),
    stop: async () => undefined,
  }
}

writeApiContract('the simulation', () => startSimulated('BUFFERED'))
pendingContract('the simulation', () => startSimulated('PENDING'))
flushContract('the simulation', () => startSimulated('BUFFERED'))
