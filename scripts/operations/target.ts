import { instancesOf } from '../../cdktf/google/lanes.ts'
import { BigQueryCatalog } from '../../functions/clients/bigquery-catalog.ts'
import { GcsLedgerStore } from '../../functions/clients/gcs-ledger-store.ts'
import { GcsObjectStore } from '../../functions/clients/gcs-object-store.ts'
import { GrpcWriteApi } from '../../functions/clients/write-client.ts'
import type { LedgerStore } from '../../functions/commit/ledger-store.ts'
import { RecordTable } from '../../functions/commit/record-table.ts'
import { checkHashKey } from '../../functions/config/check-hash-key.ts'
import type { Bridge } from '../../functions/config/schema.ts'
import { type LoadTools, loadTools } from '../../functions/load-tools.ts'
import { systemClock as clock } from '../../functions/model/clock.ts'
import type { TableRow } from '../../functions/model/column.ts'
import type { Table } from '../../functions/model/table.ts'
import { type Clients, openClients } from '../clients.ts'
import { queryRunner, queryStreamer, type RunQuery, type StreamQuery } from '../commands/bigquery.ts'
import { CommandError } from '../commands/command-error.ts'
import type { CommandContext } from '../commands/context.ts'
import { localHashKey, localLeaseMs } from '../local/bridge.ts'
import { pointClientsAt, readHashKey, readServiceAddresses } from '../settings.ts'
import { cloudTransferLog, localTransferLog, type TransferLog } from './evidence/transfer-log.ts'

/** A bridge that runs, here or in the clouds, and how to reach its services. */
export interface Target {
  readonly bridge: Bridge
  readonly clients: Clients
  readonly query: RunQuery
  readonly stream: StreamQuery
  readonly ledgerStore: LedgerStore
  readonly transferLog: TransferLog
  /** Writes rows into a table of the bridge's own, which is made when it is not there. */
  readonly record: (table: Table, rows: readonly TableRow[]) => Promise<void>
  /** The load function's code, to load with in this process. To be closed. */
  readonly openLoader: () => Promise<{ readonly tools: LoadTools; close(): Promise<void> }>
  /** For people: which one it is. */
  readonly name: string
}

/** A service is tried again for so long. */
const retry = { firstDelayMs: 100, longestDelayMs: 5_000, deadlineMs: 60_000 }

/** Runs work on the bridge that runs here or, with `cloud`, on the real one. @throws CommandError when none runs. */
export async function withTarget<T>(
  context: CommandContext,
  { cloud }: { readonly cloud?: boolean },
  work: (target: Target) => Promise<T>,
): Promise<T> {
  const { bridge } = context
  const running = cloud ? undefined : context.state.running()
  if (!cloud && !running)
    throw new CommandError(
      'no local bridge is running: start one with "npm run causeway -- local", or say --cloud',
    )
  if (running) pointClientsAt(running.environment)
  const { project, landingBucket, ledgerBucket, location } = bridge.google
  const addresses = readServiceAddresses()
  const clients = openClients(bridge, addresses)
  const record = async (table: Table, rows: readonly TableRow[]) => {
    const api = await GrpcWriteApi.connect(project, addresses.bigqueryWrite)
    const catalog = new BigQueryCatalog(clients.bigquery, location)
    const records = new RecordTable(table, api, catalog, { clock, retry })
    try {
      await records.write(rows)
    } finally {
      records.close()
      await api.close()
    }
  }
  const openLoader = async () => {
    const hashKey = running ? localHashKey : readHashKey()
    checkHashKey(bridge, hashKey)
    const api = await GrpcWriteApi.connect(project, addresses.bigqueryWrite)
    const tools = loadTools({
      bridge,
      api,
      clock,
      retry,
      hashKey,
      catalog: new BigQueryCatalog(clients.bigquery, location),
      objects: new GcsObjectStore(project),
      ledgerStore: new GcsLedgerStore(project, ledgerBucket),
      leaseMs: running ? localLeaseMs : 60_000,
      maxInstances: instancesOf(bridge) + 1,
      revision: 'replay',
    })
    const close = async () => {
      tools.close()
      await api.close()
    }
    return { tools, close }
  }
  try {
    return await work({
      openLoader,
      bridge,
      clients,
      record,
      query: queryRunner(context),
      stream: queryStreamer(context),
      ledgerStore: new GcsLedgerStore(project, ledgerBucket),
      transferLog: running
        ? localTransferLog(context.state.of('transfer'))
        : cloudTransferLog(clients.google, project, landingBucket),
      name: running ? `the local bridge, process ${running.pid}` : `project ${project}`,
    })
  } finally {
    await clients.close()
  }
}
