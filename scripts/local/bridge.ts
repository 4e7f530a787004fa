import { instancesOf } from '../../cdktf/google/lanes.ts'
import { lineageApi } from '../../cdktf/google/lineage.ts'
import type { Bridge } from '../../functions/config/schema.ts'
import { type AwsService, startAws } from './aws/server.ts'
import { type LocalBigQuery, startBigQuery } from './bigquery/start.ts'
import type { CallCounts } from './calls.ts'
import type { FaultPlanInput } from './faults.ts'
import { FunctionProcess } from './function/function-process.ts'
import { startGcs } from './gcs/gcs.ts'
import type { Access } from './permissions/access.ts'
import { loadAccount, transferAccount } from './permissions/accounts.ts'
import { provision } from './provision.ts'
import { localAws } from './provision-aws.ts'
import { provisionBigQuery } from './provision-bigquery.ts'
import { type LocalPubSub, startPubSub } from './pubsub/start.ts'
import type { LocalService } from './service.ts'
import { startServiceUsage } from './service-usage/server.ts'
import type { StateDirectory } from './state-directory.ts'
import { startStorageTransfer } from './transfer/server.ts'

export interface LocalBridgeOptions {
  readonly bridge: Bridge
  /** Module the function reads the same configuration from; the project's own `bridge.config.ts` when absent. */
  readonly configPath?: string
  readonly state: StateDirectory
  readonly faults?: FaultPlanInput
  /** Told what is being started. */
  readonly onStart?: (what: string) => void
}

/** The whole bridge on this machine: stand-ins of the cloud services, and the load function in its own process. */
export interface LocalBridge {
  readonly services: readonly LocalService[]
  /** Environment variables that point official clients, and every command, at it. */
  readonly environment: Readonly<Record<string, string>>
  readonly function: FunctionProcess
  readonly pubsub: LocalPubSub
  readonly bigquery: LocalBigQuery
  /** Who called with permissions of the Google stack, and what for. */
  readonly accounts: { readonly load: Access; readonly transfer: Access }
  /** Calls so far, by service and kind. */
  calls(): Readonly<Record<string, CallCounts>>
  /** Stops everything, in the order of the flow. State stays. Safe to call twice. */
  stop(): Promise<void>
}

/**
 * Starts everything on loopback ports, wires it up as the infrastructure would, and publishes the addresses in the
 * state directory. @throws AlreadyRunning when another process runs on that directory.
 */
export async function startLocalBridge(options: LocalBridgeOptions): Promise<LocalBridge> {
  const { state } = options
  state.claim(new Date())
  const stops: (() => Promise<void>)[] = [async () => state.release()]
  const stop = async () => {
    for (const one of stops.splice(0).reverse()) await one()
  }
  try {
    const running = await startParts(options, (one) => stops.push(one))
    state.publish(running.environment)
    return { ...running, stop }
  } catch (error) {
    await stop()
    throw error
  }
}

type Parts = Omit<LocalBridge, 'stop'>

async function startParts(
  options: LocalBridgeOptions,
  onStop: (stop: () => Promise<void>) => void,
): Promise<Parts> {
  const { bridge, state, configPath, onStart } = options
  const { project: projectId, location } = bridge.google
  const faults = options.faults ? { faults: options.faults } : {}
  const begin = async <T extends { stop(): Promise<void> }>(
    what: string,
    starting: () => Promise<T>,
  ): Promise<T> => {
    onStart?.(what)
    const started = await starting()
    onStop(() => started.stop())
    return started
  }

  const accounts = { load: loadAccount(bridge), transfer: transferAccount(bridge) }
  const callers = Object.values(accounts)
  const bigquery = await begin('BigQuery', () =>
    startBigQuery({ directory: state.of('bigquery'), projectId, location, callers, ...faults }),
  )
  await provisionBigQuery(bridge, bigquery)
  const pubsub = await begin('Pub/Sub', () => startPubSub({ directory: state.of('pubsub'), ...faults }))
  const pubsubEndpoint = endpointOf(pubsub, 'PUBSUB_EMULATOR_HOST')
  const gcs = await begin('Cloud Storage', () =>
    startGcs({ directory: state.of('gcs'), projectId, pubsubEndpoint, callers, ...faults }),
  )
  const load = await begin('the load function', () =>
    FunctionProcess.start({
      logFile: state.functionLog,
      environment: {
        ...bigquery.environmentOf(accounts.load),
        STORAGE_EMULATOR_HOST: gcs.endpointOf(accounts.load),
        ...googleDefaults(projectId),
        CAUSEWAY_LEASE_SECONDS: String(localLeaseMs / 1_000),
        // Its share of BigQuery's quotas is that of one of them, as when deployed.
        CAUSEWAY_MAX_INSTANCES: String(instancesOf(bridge)),
        CAUSEWAY_HASH_KEY: localHashKey,
        ...(configPath && { CAUSEWAY_CONFIG: configPath }),
      },
    }),
  )
  const aws = await begin('S3 and SQS', () => startAwsOf(options))
  const transfer = await begin('Storage Transfer', () =>
    startTransferOf(options, aws, gcs.endpointOf(accounts.transfer)),
  )
  const usage = await begin('Service Usage', () =>
    startServiceUsage({ directory: state.of('service-usage'), off: [lineageApi], ...faults }),
  )
  const services = [aws.s3, aws.sqs, aws.iam, transfer, gcs, pubsub, bigquery, usage]
  onStart?.('buckets, topics and transfer jobs')
  await provision(bridge, {
    gcsEndpoint: gcs.endpoint,
    pubsubEndpoint,
    transferEndpoint: endpointOf(transfer, 'CAUSEWAY_STORAGE_TRANSFER_ENDPOINT'),
    iamEndpoint: endpointOf(aws.iam, 'AWS_ENDPOINT_URL_IAM'),
    functionPort: load.port,
  })
  return {
    services,
    environment: { ...environmentOf(services), ...googleDefaults(projectId) },
    function: load,
    pubsub,
    bigquery,
    accounts,
    calls: () => Object.fromEntries(services.map((service) => [service.name, service.calls()])),
  }
}

function startAwsOf({ bridge, state, faults }: LocalBridgeOptions): Promise<AwsService> {
  return startAws({ directory: state.of('aws'), ...localAws(bridge), ...(faults && { faults }) })
}

function startTransferOf(
  { bridge, state, faults }: LocalBridgeOptions,
  aws: AwsService,
  gcsEndpoint: string,
) {
  return startStorageTransfer({
    directory: state.of('transfer'),
    aws: {
      s3Endpoint: endpointOf(aws.s3, 'AWS_ENDPOINT_URL_S3'),
      sqsEndpoint: endpointOf(aws.sqs, 'AWS_ENDPOINT_URL_SQS'),
      region: bridge.aws.region,
      accessKeyId: 'local',
      secretAccessKey: 'local',
    },
    gcs: { endpoint: gcsEndpoint, projectId: bridge.google.project },
    ...(faults && { faults }),
  })
}

/** Nobody at a laptop waits a minute for a killed instance's objects. */
export const localLeaseMs = 5_000

/** Key of the hashes of redacted values. */
export const localHashKey = 'local, hence no secret'

/** Google's libraries otherwise look for a metadata server at every start. */
export function googleDefaults(projectId: string): Record<string, string> {
  return { GOOGLE_CLOUD_PROJECT: projectId, METADATA_SERVER_DETECTION: 'none' }
}

function environmentOf(services: readonly LocalService[]): Record<string, string> {
  return Object.assign({}, ...services.map(({ environment }) => environment))
}

function endpointOf(service: LocalService, variable: string): string {
  const value = service.environment[variable]
  if (value === undefined) throw new Error(`service ${service.name} names no ${variable}`)
  return value
}
