/** The `calls` command: what loading costs in calls, measured; `--write` puts it into its page. */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Command } from 'commander'
import bridge from '../bridge.config.ts'
import { measureCalls } from './calls/measure.ts'
import { callsTable } from './calls/table.ts'
import { withTable } from './docs-table.ts'
import { googleDefaults } from './local/bridge.ts'
import { StateDirectory } from './local/state-directory.ts'
import { forgetEmulators, pointClientsAt } from './settings.ts'

const page = join(import.meta.dirname, '../docs/costs.md')

const { write } = new Command('calls')
  .description('Measures how often Cloud Storage and BigQuery are called to load an object.')
  .option('--write', 'put the table into docs/costs.md')
  .parse()
  .opts<{ write?: boolean }>()

forgetEmulators()
pointClientsAt(googleDefaults(bridge.google.project))
const directory = await mkdtemp(join(tmpdir(), 'causeway-calls-'))
try {
  const table = callsTable(await measureCalls(bridge, new StateDirectory(directory)))
  process.stdout.write(`${table}\n`)
  if (write) await writeFile(page, withTable(await readFile(page, 'utf8'), 'calls', table))
} finally {
  await rm(directory, { recursive: true, force: true })
}
