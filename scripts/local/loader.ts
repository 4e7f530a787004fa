import { type FileMetadata, Storage } from '@google-cloud/storage'
import type { Bridge } from '../../functions/config/schema.ts'
import { landingName } from '../../functions/model/landing-name.ts'
import { type LocalBigQuery, startBigQuery } from './bigquery/start.ts'
import { googleDefaults } from './bridge.ts'
import type { FaultPlanInput } from './faults.ts'
import { FunctionProcess } from './function/function-process.ts'
import { type LocalGcs, startGcs } from './gcs/gcs.ts'
import type { Access } from './permissions/access.ts'
import { loadAccount } from './permissions/accounts.ts'
import { provisionBigQuery } from './provision-bigquery.ts'
import type { StateDirectory } from './state-directory.ts'

export interface LocalLoaderOptions {
  readonly bridge: Bridge
  readonly state: StateDirectory
  readonly faults?: FaultPlanInput
  /** Whom the functions run as; with what the Google stack grants them when absent. */
  readonly account?: Access
  /** Load functions on the same services; one when absent. */
  readonly instances?: number
  /** More variables for the functions. */
  readonly environment?: Readonly<Record<string, string>>
}

/**
 * The last part of the bridge alone: load functions with the Cloud Storage and BigQuery they work with. Whoever
 * starts it plays the rest: puts objects into the landing bucket, and pushes their notifications.
 */
export interface LocalLoader {
  readonly gcs: LocalGcs
  readonly bigquery: LocalBigQuery
  readonly functions: readonly FunctionProcess[]
  /** Whom the functions run as. */
  readonly account: Access
  /** Environment variables that point official clients at it. */
  readonly environment: Readonly<Record<string, string>>
  /** Puts an object where the transfer service would. Gives what its notification says of it. */
  land(object: LandedFile): Promise<FileMetadata>
  stop(): Promise<void>
}

/** An object of a source, to be put into the landing bucket. */
export interface LandedFile {
  readonly bucket: string
  readonly key: string
  readonly etag: string
  readonly body: Buffer | string
}

export async function startLocalLoader(options: LocalLoaderOptions): Promise<LocalLoader> {
  const { state } = options
  const stops: (() => Promise<void>)[] = []
  const stop = async () => {
    for (const one of stops.splice(0).reverse()) await one()
  }
  try {
    const { project: projectId, location, landingBucket, ledgerBucket } = options.bridge.google
    const account = options.account ?? loadAccount(options.bridge)
    const shared = { projectId, callers: [account], ...(options.faults && { faults: options.faults }) }
    const bigquery = await startBigQuery({ ...shared, location, directory: state.of('bigquery') })
    stops.push(() => bigquery.stop())
    await provisionBigQuery(options.bridge, bigquery)
    const gcs = await startGcs({ ...shared, directory: state.of('gcs') })
    stops.push(() => gcs.stop())
    const storage = new Storage({ projectId, apiEndpoint: gcs.endpoint })
    for (const bucket of [landingBucket, ledgerBucket]) {
      const [exists] = await storage.bucket(bucket).exists()
      if (!exists) await storage.bucket(bucket).create({ location })
    }
    const environment = { ...bigquery.environment, ...gcs.environment, ...googleDefaults(projectId) }
    const ownEnvironment = {
      ...bigquery.environmentOf(account),
      STORAGE_EMULATOR_HOST: gcs.endpointOf(account),
      ...googleDefaults(projectId),
    }
    const functions: FunctionProcess[] = []
    for (let instance = 0; instance < (options.instances ?? 1); instance++) {
      const started = await startFunction(options, ownEnvironment)
      functions.push(started)
      stops.push(() => started.stop())
    }
    const landing = storage.bucket(landingBucket)
    const land = async ({ bucket, key, etag, body }: LandedFile) => {
      const file = landing.file(landingName(bucket, key))
      const metadata = { metadata: { 'x-goog-source-etag': etag }, customTime: new Date().toISOString() }
      await file.save(body, { resumable: false, metadata })
      return file.metadata
    }
    return { bigquery, gcs, functions, account, environment, land, stop }
  } catch (error) {
    await stop()
    throw error
  }
}

function startFunction(
  { state, instances = 1, environment }: LocalLoaderOptions,
  services: Readonly<Record<string, string>>,
): Promise<FunctionProcess> {
  return FunctionProcess.start({
    logFile: state.functionLog,
    environment: {
      ...services,
      CAUSEWAY_LEASE_SECONDS: '5',
      CAUSEWAY_MAX_INSTANCES: String(instances),
      ...environment,
    },
  })
}
