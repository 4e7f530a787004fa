/**
 * Entry of the load function. Wires the clients, one of each a process, and answers Pub/Sub: an event that returns
 * is acknowledged, one that throws is delivered again.
 */
import { pathToFileURL } from 'node:url'
import { type CloudEvent, cloudEvent } from '@google-cloud/functions-framework'
import bundledBridge from '../bridge.config.ts'
import { BigQueryCatalog } from './clients/bigquery-catalog.ts'
import { GcsObjectStore } from './clients/gcs-object-store.ts'
import { GrpcWriteApi } from './clients/write-client.ts'
import { ObjectLog } from './commit/object-log.ts'
import { TableDirectory } from './commit/table-directory.ts'
import type { Bridge } from './config/schema.ts'
import { Drain } from './drain.ts'
import { type LoadTools, load } from './load.ts'
import { startLogger } from './log.ts'
import { systemClock as clock } from './model/clock.ts'
import { readSettings } from './settings.ts'

/** BigQuery is tried again for two minutes; after that Pub/Sub's own backoff takes over. */
const retry = { firstDelay: 100, longestDelay: 10_000, deadline: 120_000 }

const settings = readSettings()
const bridge = await readBridge(settings.configPath)
const { project, location } = bridge.google
const api = await GrpcWriteApi.connect(project, settings.bigqueryWriteEndpoint)
const catalog = new BigQueryCatalog(project, location)
const logger = startLogger(settings)

const tools: LoadTools = {
  bridge,
  api,
  clock,
  retry,
  tables: new TableDirectory(bridge, api, catalog, clock, retry),
  log: new ObjectLog(bridge, api, catalog, clock, retry),
  objects: new GcsObjectStore(project),
  revision: settings.revision,
}
const drain = new Drain(close, logger.stopping)

cloudEvent<unknown>('load', async (event: CloudEvent<unknown>) => {
  const startedAt = clock.now()
  try {
    const loaded = await drain.run(() => load(event, tools))
    logger.finished(loaded, clock.now() - startedAt)
  } catch (error) {
    logger.failed(event.id, error)
    throw error
  }
})

async function close(): Promise<void> {
  tools.log.close()
  await api.close()
}

async function readBridge(path: string | undefined): Promise<Bridge> {
  if (path === undefined) return bundledBridge
  const module: { default: Bridge } = await import(pathToFileURL(path).href)
  return module.default
}
