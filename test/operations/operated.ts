import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { defineBridge } from '../../functions/config/define-bridge.ts'
import type { Bridge } from '../../functions/config/schema.ts'
import { type Clients, openClients } from '../../scripts/clients.ts'
import { readServiceAddresses } from '../../scripts/settings.ts'
import { type CommandResult, publishedBridge, runCommand, startCommand } from '../bridge/command-process.ts'
import { connect } from '../bridge/local-bridge.ts'

const definition = JSON.stringify(join(import.meta.dirname, '../../functions/config/define-bridge.ts'))

/** A local bridge in a process of its own, as an operator has it: with commands that find it, and clients. */
export interface Operated {
  bridge: Bridge
  client: ReturnType<typeof connect>
  clients: Clients
  /** Before every command. */
  readonly options: readonly string[]
  causeway(...args: string[]): Promise<CommandResult>
  /** Stops it, and starts it again with other sources, on the same state. */
  restart(sources: Sources): Promise<void>
  /** Stops it and removes its state. */
  stop(): Promise<void>
}

type Sources = Parameters<typeof defineBridge>[0]['sources']

/** Starts a bridge with these sources. */
export async function startOperated(
  sources: Sources,
  google: { lanes?: Record<string, object> } = {},
): Promise<Operated> {
  const directory = await mkdtemp(join(tmpdir(), 'causeway-operated-'))
  const configPath = join(directory, 'bridge.config.ts')
  const state = join(directory, 'state')
  const options = ['--config', configPath, '--state', state]
  const begin = async (now: Sources) => {
    const input = {
      aws: { region: 'us-east-1' },
      google: {
        project: 'example-project',
        location: 'US' as const,
        landingBucket: 'example-landing',
        ledgerBucket: 'example-ledger',
        ...google,
      },
      sources: now,
    }
    await writeFile(
      configPath,
      `import { defineBridge } from ${definition}\nexport default defineBridge(${JSON.stringify(input)})\n`,
    )
    const process = startCommand([...options, 'local'])
    const { environment } = await publishedBridge(state, process)
    const bridge = defineBridge(input)
    const client = connect(bridge, environment)
    const clients = openClients(bridge, readServiceAddresses(environment))
    return { bridge, client, clients, process }
  }
  let now = await begin(sources)
  const end = async () => {
    now.client.s3.destroy()
    await now.clients.close()
    const ended = once(now.process, 'exit')
    now.process.kill('SIGINT')
    await ended
  }
  return {
    get bridge() {
      return now.bridge
    },
    get client() {
      return now.client
    },
    get clients() {
      return now.clients
    },
    options,
    causeway: (...args) => runCommand(...options, ...args),
    restart: async (others) => {
      await end()
      now = await begin(others)
    },
    stop: async () => {
      await end()
      await rm(directory, { recursive: true, force: true })
    },
  }
}
