import { readFileSync } from 'node:fs'
import { messageOf } from '../../functions/model/failure.ts'
import { googleDefaults, type LocalBridge, startLocalBridge } from '../local/bridge.ts'
import { type FaultPlanInput, faultPlanSchema } from '../local/faults.ts'
import { AlreadyRunning, type RunningBridge } from '../local/state-directory.ts'
import { forgetEmulators, pointClientsAt } from '../settings.ts'
import { table } from '../terminal/table.ts'
import { CommandError } from './command-error.ts'
import type { CommandContext } from './context.ts'

/** Runs the local bridge until a signal ends it. */
export async function local(context: CommandContext, options: { faults?: string }): Promise<number> {
  const faults = options.faults === undefined ? undefined : readFaults(options.faults)
  const bridge = await startHere(context, faults)
  print(describe(context, bridge.environment))
  print(
    `\nThe load function's log: ${context.state.functionLog}\nData: ${bridge.bigquery.file} (DuckDB; open it when this has stopped)`,
  )
  print('\nCtrl-C stops everything; what was loaded stays.')
  await interrupted()
  print('\nStopping.')
  await bridge.stop()
  print(callTable(context, bridge))
  return 0
}

/** Starts a bridge on the context's state directory. @throws CommandError that says what is already running. */
export async function startHere(context: CommandContext, faults?: FaultPlanInput): Promise<LocalBridge> {
  const { bridge, configPath, state } = context
  forgetEmulators()
  pointClientsAt(googleDefaults(bridge.google.project))
  const onStart = (what: string) => {
    if (context.err.isTty) process.stderr.write(`\r\u001b[KStarting ${what}`)
  }
  try {
    return await startLocalBridge({ bridge, configPath, state, onStart, ...(faults && { faults }) })
  } catch (error) {
    if (error instanceof AlreadyRunning)
      throw new CommandError(`${error.message}\n\n${describe(context, error.running.environment)}`)
    throw new CommandError(`the local bridge could not be started: ${messageOf(error)}`, error)
  } finally {
    if (context.err.isTty) process.stderr.write('\r\u001b[K')
  }
}

/** The calls each service got, by kind. */
export function callTable(context: CommandContext, bridge: Pick<LocalBridge, 'calls'>): string {
  const rows = Object.entries(bridge.calls()).flatMap(([service, counts]) =>
    Object.entries(counts).map(([kind, count]) => [service, kind, count]),
  )
  return table(['service', 'call', 'count'], rows, context.out)
}

function describe(context: CommandContext, environment: RunningBridge['environment']): string {
  const endpoints = Object.entries(endpointNames).map(([variable, name]) => [
    name,
    environment[variable] ?? 'starting',
  ])
  const variables = Object.entries(environment).map(([name, value]) => `export ${name}=${value}`)
  const buckets = context.bridge.sources.map((source) => [
    source.name,
    `s3://${source.bucket}/${source.prefix}`,
    source.format ?? 'detected in each object',
  ])
  return [
    table(['service', 'endpoint'], endpoints, context.out),
    table(['source', 'upload to', 'format'], buckets, context.out),
    `Point any client at it:\n\n${variables.join('\n')}`,
  ].join('\n\n')
}

const endpointNames: Readonly<Record<string, string>> = {
  AWS_ENDPOINT_URL_S3: 'S3',
  AWS_ENDPOINT_URL_SQS: 'SQS',
  AWS_ENDPOINT_URL_IAM: 'IAM',
  AWS_ENDPOINT_URL_STS: 'STS',
  CAUSEWAY_STORAGE_TRANSFER_ENDPOINT: 'Storage Transfer (gRPC)',
  STORAGE_EMULATOR_HOST: 'Cloud Storage',
  PUBSUB_EMULATOR_HOST: 'Pub/Sub (gRPC)',
  BIGQUERY_EMULATOR_HOST: 'BigQuery',
  CAUSEWAY_BIGQUERY_WRITE_ENDPOINT: 'BigQuery Storage Write (gRPC)',
  CAUSEWAY_SERVICE_USAGE_ENDPOINT: 'Service Usage',
}

function readFaults(path: string): FaultPlanInput {
  try {
    return faultPlanSchema.parse(JSON.parse(readFileSync(path, 'utf8')))
  } catch (error) {
    throw new CommandError(`cannot read the fault plan ${path}: ${messageOf(error)}`, error)
  }
}

function interrupted(): Promise<void> {
  return new Promise((resolve) => {
    process.once('SIGINT', () => resolve())
    process.once('SIGTERM', () => resolve())
  })
}

function print(text: string): void {
  process.stdout.write(`${text}\n`)
}
