import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import config from '../../bridge.config.ts'
import { type MeasuredCalls, measureCalls } from '../../scripts/calls/measure.ts'
import { callsTable } from '../../scripts/calls/table.ts'
import { tableIn } from '../../scripts/docs-table.ts'
import { StateDirectory } from '../../scripts/local/state-directory.ts'

const directory = await mkdtemp(join(tmpdir(), 'causeway-calls-'))
afterAll(() => rm(directory, { recursive: true, force: true }))

let measured: MeasuredCalls
beforeAll(async () => {
  measured = await measureCalls(config, new StateDirectory(directory))
}, 180_000)

/** Every call there is: one that is not named here fails the test. */
test('an object alone: asked for and read once, claimed, sealed and done once, one append, its record and one flush', () => {
  expect(measured.alone).toEqual({
    'gcs objects.getMedia': 2,
    'gcs objects.insert': 3,
    'bigquery AppendRows': 2,
    'bigquery FlushRows': 1,
  })
})

test('each further table, that of rejects among them, adds one append and one flush and nothing else', () => {
  expect(measured.threeTables).toEqual({
    'gcs objects.getMedia': 2,
    'gcs objects.insert': 3,
    'bigquery AppendRows': 4,
    'bigquery FlushRows': 3,
  })
  expect(measured.manyApps).toEqual({
    'gcs objects.getMedia': 2,
    'gcs objects.insert': 3,
    'bigquery AppendRows': 61,
    'bigquery FlushRows': 60,
  })
})

test('fifty together share the seal, the append, the flush and the record', () => {
  expect(measured.together).toEqual({
    'gcs objects.getMedia': 100,
    'gcs objects.insert': 52,
    'bigquery AppendRows': 2,
    'bigquery FlushRows': 1,
  })
})

test('docs/costs.md says what is measured: npm run calls -- --write', async () => {
  const page = await readFile(join(import.meta.dirname, '../../docs/costs.md'), 'utf8')
  expect(tableIn(page, 'calls')).toBe(callsTable(measured))
})
