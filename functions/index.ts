/**
 * Entry of the load function. Wires the clients, one of each a process, and answers Pub/Sub: an event that returns
 * is acknowledged, one that throws is delivered again.
 */
import { pathToFileURL } from 'node:url'
import { BigQuery } from '@google-cloud/bigquery'
import { type CloudEvent, cloudEvent } from '@google-cloud/functions-framework'
import bundledBridge from '../bridge.config.ts'
import { BigQueryCatalog } from './clients/bigquery-catalog.ts'
import { GcsLedgerStore } from './clients/gcs-ledger-store.ts'
import { GcsObjectStore } from './clients/gcs-object-store.ts'
import { GrpcWriteApi } from './clients/write-client.ts'
import { checkHashKey } from './config/check-hash-key.ts'
import type { Bridge } from './config/schema.ts'
import { Drain } from './drain.ts'
import { load } from './load.ts'
import { loadTools } from './load-tools.ts'
import { startLogger } from './log.ts'
import { systemClock as clock } from './model/clock.ts'
import { answers } from './model/outcome.ts'
import { readSettings } from './settings.ts'

/** A service is tried again for two minutes; after that Pub/Sub's own backoff takes over. */
const retry = { firstDelayMs: 100, longestDelayMs: 10_000, deadlineMs: 120_000 }

const settings = readSettings()
const bridge = await readBridge(settings.configPath)
checkHashKey(bridge, settings.hashKey)
const { project, location, ledgerBucket } = bridge.google
const api = await GrpcWriteApi.connect(project, settings.bigqueryWriteEndpoint)
const logger = startLogger(settings)

const tools = loadTools({
  bridge,
  api,
  clock,
  retry,
  catalog: new BigQueryCatalog(new BigQuery({ projectId: project, location }), location),
  objects: new GcsObjectStore(project),
  ledgerStore: new GcsLedgerStore(project, ledgerBucket),
  leaseMs: settings.leaseMs,
  maxInstances: settings.maxInstances,
  hashKey: settings.hashKey,
  revision: settings.revision,
})
const drain = new Drain(close, logger.stopping)

cloudEvent('load', async (event: CloudEvent<unknown>) => {
  const startedAt = clock.now()
  const loaded = await drain.run(() => load(event, tools))
  logger.loaded(loaded, clock.now() - startedAt)
  if (answers[loaded.outcome.kind] === 'deliver again') throw new Error(`to be delivered again: ${event.id}`)
})

async function close(): Promise<void> {
  tools.close()
  await api.close()
}

async function readBridge(path: string | undefined): Promise<Bridge> {
  if (path === undefined) return bundledBridge
  const module: { default: Bridge } = await import(pathToFileURL(path).href)
  return module.default
}
