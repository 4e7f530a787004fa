import type { Bridge } from '../../functions/config/schema.ts'
import { type Clients, openClients } from '../clients.ts'
import { queryRunner, type RunQuery } from '../commands/bigquery.ts'
import { CommandError } from '../commands/command-error.ts'
import type { CommandContext } from '../commands/context.ts'
import { pointClientsAt, readServiceAddresses } from '../settings.ts'

/** A bridge that runs, here or in the clouds, and how to reach its services. */
export interface Target {
  readonly bridge: Bridge
  readonly clients: Clients
  readonly query: RunQuery
  /** For people: which one it is. */
  readonly name: string
}

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
  const clients = openClients(bridge, readServiceAddresses())
  const name = running ? `the local bridge, process ${running.pid}` : `project ${bridge.google.project}`
  try {
    return await work({ bridge, clients, query: queryRunner(context), name })
  } finally {
    await clients.close()
  }
}
