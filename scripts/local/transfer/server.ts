import { Server, ServerCredentials } from '@grpc/grpc-js'
import { CallCounter } from '../calls.ts'
import { type FaultPlanInput, Faults } from '../faults.ts'
import type { LocalService } from '../service.ts'
import { CopyLog } from './copy-log.ts'
import { jobsService } from './jobs-service.ts'
import { operationsService } from './operations-service.ts'
import { connect, type RemoteOptions } from './remotes.ts'
import { rpcsOf } from './rpc.ts'
import { Runs } from './runs.ts'
import { TransferStore } from './store.ts'

export interface StorageTransferOptions extends RemoteOptions {
  readonly directory: string
  /** 0, the default, takes a free one. */
  readonly port?: number
  readonly faults?: FaultPlanInput
  /** Milliseconds since the epoch. */
  readonly clock?: () => number
}

/**
 * Storage Transfer Service over gRPC: jobs from S3 to Cloud Storage, event-driven or run by hand.
 *
 * Promises: a job that was acknowledged goes on in the next process on the same directory, and so does an
 * operation (from its beginning; what is copied is skipped). Each copy is a line in `copies.ndjson`.
 * A copy meets the faults of the call `COPY`; its duplicate makes a new generation whatever overwriteWhen says.
 *
 * Not modelled, and refused where a job asks for it: schedules, Pub/Sub notifications, other sources and
 * sinks, deletion, times in object conditions, object versions, replication, pausing and cancelling, agent
 * pools. Not modelled, silently: who may call it, AWS roles, quotas on calls and operations, Cloud Logging. It may do
 * in Cloud Storage what that allows the caller whose address it is given.
 */
export async function startStorageTransfer(options: StorageTransferOptions): Promise<LocalService> {
  const { directory, clock = Date.now } = options
  const calls = new CallCounter()
  const faults = new Faults('storage-transfer', options.faults)
  const server = new Server()
  const store = new TransferStore(directory)
  const remotes = connect(options)
  const runs = new Runs({ remotes, log: new CopyLog(directory), calls, faults, clock }, store)

  const transferName = 'google.storagetransfer.v1.StorageTransferService'
  const operationsName = 'google.longrunning.Operations'
  const jobs = jobsService(rpcsOf(transferName, calls, faults), { store, runs, clock })
  const operations = operationsService(rpcsOf(operationsName, calls, faults), store)
  for (const addTo of [...jobs, ...operations]) addTo(server)

  let stopped: Promise<void> | undefined
  const close = async () => {
    server.forceShutdown()
    await runs.stop()
    remotes.close()
    store.close()
  }
  const stop = () => {
    stopped ??= close()
    return stopped
  }
  const port = await bind(server, options.port ?? 0).catch(async (error: unknown) => {
    await stop()
    throw error
  })
  runs.recover()
  return {
    name: 'storage-transfer',
    environment: { CAUSEWAY_STORAGE_TRANSFER_ENDPOINT: `127.0.0.1:${port}` },
    calls: () => calls.snapshot(),
    stop,
  }
}

function bind(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.bindAsync(`127.0.0.1:${port}`, ServerCredentials.createInsecure(), (error, bound) => {
      if (!error) return resolve(bound)
      const hint = error.message.includes('EADDRINUSE')
        ? `port ${port} is in use (Storage Transfer): stop what uses it or choose another`
        : `cannot listen on port ${port} (Storage Transfer): ${error.message}`
      reject(new Error(hint, { cause: error }))
    })
  })
}
