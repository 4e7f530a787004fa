/** The `formats` command: the table of formats, from the code; `--write` puts it into the README. */
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Command } from 'commander'
import { formatsTable } from './formats/table.ts'
import { withTable } from './readme-table.ts'

const readme = join(import.meta.dirname, '../README.md')

const { write } = new Command('formats')
  .description('Lists the log formats, their columns and where the app of a row is found.')
  .option('--write', 'put the table into README.md')
  .parse()
  .opts<{ write?: boolean }>()

const table = formatsTable()
process.stdout.write(`${table}\n`)
if (write) await writeFile(readme, withTable(await readFile(readme, 'utf8'), 'formats', table))
