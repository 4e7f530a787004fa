import { appendFile, mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { RowJournal } from '../../scripts/local/bigquery/write/row-journal.ts'

async function journalPath(): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'bigquery-journal-'))
  onTestFinished(() => rm(directory, { recursive: true }))
  return join(directory, 's.ndjson')
}

test('a journal opened after a torn append has only what was acknowledged', async () => {
  const path = await journalPath()
  new RowJournal(path).append(['{"a":1}', '{"a":2}'])
  await appendFile(path, '{"a":3}\n{"a":')
  const journal = new RowJournal(path)
  expect(journal.rows).toBe(2)
  journal.seal()
  expect(await readFile(path, 'utf8')).toBe('{"a":1}\n{"a":2}\n')
})

test('an append after a torn one takes its place', async () => {
  const path = await journalPath()
  new RowJournal(path).append(['{"a":1}'])
  await appendFile(path, '{"a":"never acknowledged and rather long"}\n')
  const journal = new RowJournal(path)
  journal.append(['{"a":2}'])
  journal.seal()
  expect(journal.rows).toBe(2)
  expect(await readFile(path, 'utf8')).toBe('{"a":1}\n{"a":2}\n')
  journal.remove()
  expect(new RowJournal(path).rows).toBe(0)
})
