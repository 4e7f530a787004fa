import { relative } from 'node:path'
import { bridgeIn } from '../../cdktf/bridge-in.ts'
import { ConfigError } from '../../functions/config/define-bridge.ts'
import type { Bridge } from '../../functions/config/schema.ts'
import { openClients } from '../clients.ts'
import { aboutOf } from '../doctor/about.ts'
import { checksOf } from '../doctor/checks.ts'
import { doctorJson, doctorText } from '../doctor/report.ts'
import { runChecks } from '../doctor/run-checks.ts'
import { pointClientsAt, readServiceAddresses } from '../settings.ts'
import { Progress } from '../terminal/progress.ts'
import { CommandError } from './command-error.ts'
import type { CommandContext } from './context.ts'
import { sourceNamed } from './input-files.ts'

export interface DoctorOptions {
  readonly source?: readonly string[]
  readonly env?: string
  readonly cloud?: boolean
  readonly json?: boolean
}

/** Milliseconds a check may take. */
const timeoutMs = 10_000

/** Looks at what the stacks have made and says, along the flow, what is not as it should be and what mends it. */
export async function doctor(context: CommandContext, options: DoctorOptions): Promise<number> {
  const bridge = environmentOf(context.bridge, options.env)
  const sources = options.source?.map((name) => sourceNamed(bridge, name)) ?? bridge.sources
  // The local bridge is always of the main configuration.
  const running = options.cloud || options.env ? undefined : context.state.running()
  if (running) pointClientsAt(running.environment)
  const target = running ? `the local bridge, process ${running.pid}` : 'the real project and account'
  const clients = openClients(bridge, readServiceAddresses())
  const progress = new Progress({ stream: process.stderr, terminal: context.err, now: Date.now })
  try {
    const deploy = (cloud: string) => deployCommand(context, bridge, cloud, options.env)
    const checks = checksOf(aboutOf({ bridge, sources, clients, now: Date.now, deploy }))
    const show = (count: number) => progress.show([{ stage: 'checked', count, total: checks.length }])
    const results = await runChecks(checks, { timeoutMs, ...(context.err.isTty && { onResult: show }) })
    if (context.err.isTty) progress.done()
    const { project } = bridge.google
    process.stdout.write(
      options.json
        ? doctorJson(results, { bridge: bridge.name, project, region: bridge.aws.region, target })
        : `${bridge.name}: project ${project}, AWS ${bridge.aws.region}; ${target}\n\n${doctorText(results, context.out)}`,
    )
    return results.some(({ state }) => state === 'fail') ? 1 : 0
  } finally {
    await clients.close()
  }
}

function environmentOf(bridge: Bridge, name: string | undefined): Bridge {
  try {
    return bridgeIn(bridge, name)
  } catch (error) {
    if (error instanceof ConfigError) throw new CommandError(error.message, error)
    throw error
  }
}

/** As docs/deploying.md has it, with this configuration and environment. */
function deployCommand({ configPath }: CommandContext, bridge: Bridge, cloud: string, env?: string): string {
  const path = relative(process.cwd(), configPath)
  const config = path === 'bridge.config.ts' ? '' : `CAUSEWAY_CONFIG=${path} `
  return `${config}npm run cdktf -- deploy '${bridge.name}-${cloud}'${env ? ` --env ${env}` : ''}`
}
