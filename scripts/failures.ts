/** The `failures` command: what every outcome and failure means, from the code; `--write` puts it into its page. */
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Command } from 'commander'
import { withTable } from './docs-table.ts'
import { failureTables } from './failures/tables.ts'

const page = join(import.meta.dirname, '../docs/failures.md')

const { write } = new Command('failures')
  .description('Lists the outcomes of objects and lines, what each means and what to do about it.')
  .option('--write', 'put the tables into docs/failures.md')
  .parse()
  .opts<{ write?: boolean }>()

const tables = Object.entries(failureTables())
for (const [name, table] of tables) process.stdout.write(`${name}\n\n${table}\n\n`)
if (write) {
  const text = await readFile(page, 'utf8')
  await writeFile(
    page,
    tables.reduce((all, [name, table]) => withTable(all, name, table), text),
  )
}
