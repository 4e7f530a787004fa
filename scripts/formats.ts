/** The `formats` command: the table of formats, from the code; `--write` puts it into its page, and their columns into types. */
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Command } from 'commander'
import { withTable } from './docs-table.ts'
import { columnTypes, columnTypesFile } from './formats/column-types.ts'
import { kindsTable } from './formats/kinds.ts'
import { formatsTable } from './formats/table.ts'

const root = join(import.meta.dirname, '..')
const page = join(root, 'docs/formats.md')

const { write } = new Command('formats')
  .description('Lists the log formats, their columns and where the app of a row is found.')
  .option('--write', 'put the table into docs/formats.md, and the columns into the types of rows')
  .parse()
  .opts<{ write?: boolean }>()

const table = formatsTable()
process.stdout.write(`${table}\n`)
if (write) {
  const text = withTable(await readFile(page, 'utf8'), 'formats', table)
  await writeFile(page, withTable(text, 'kinds', await kindsTable()))
  await writeFile(join(root, columnTypesFile), columnTypes())
}
