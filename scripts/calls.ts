/** The `calls` command: what loading costs in calls, measured; `--write` puts it into the README. */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Command } from 'commander'
import bridge from '../bridge.config.ts'
import { measureCalls } from './calls/measure.ts'
import { callsTable } from './calls/table.ts'
import { googleDefaults } from './local/bridge.ts'
import { StateDirectory } from './local/state-directory.ts'
import { withTable } from './readme-table.ts'
import { forgetEmulators, pointClientsAt } from './settings.ts'

const readme = join(import.meta.dirname, '../README.md')

const { write } = new Command('calls')
  .description('Measures how often Cloud Storage and BigQuery are called to load an object.')
  .option('--write', 'put the table into README.md')
  .parse()
  .opts<{ write?: boolean }>()

forgetEmulators()
pointClientsAt(googleDefaults(bridge.google.project))
const directory = await mkdtemp(join(tmpdir(), 'causeway-calls-'))
try {
  const table = callsTable(await measureCalls(bridge, new StateDirectory(directory)))
  process.stdout.write(`${table}\n`)
  if (write) await writeFile(readme, withTable(await readFile(readme, 'utf8'), 'calls', table))
} finally {
  await rm(directory, { recursive: true, force: true })
}
