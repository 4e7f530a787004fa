import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import config from '../../bridge.config.ts'
import { StateDirectory } from '../../scripts/local/state-directory.ts'
import { type LargeRun, loadLargeObject } from '../../scripts/soak/large-object.ts'
import { hasProc } from '../../scripts/soak/process-memory.ts'
import { connect } from './local-bridge.ts'

const directory = await mkdtemp(join(tmpdir(), 'causeway-large-'))
let run: LargeRun
beforeAll(async () => {
  // `npm run soak -- --large` does the same with 1 GB.
  run = await loadLargeObject({ bridge: config, state: new StateDirectory(directory), bytes: 60_000_000 })
}, 300_000)
afterAll(async () => {
  await run?.bridge.stop()
  await rm(directory, { recursive: true, force: true })
})

test('a large object whose loader was killed half-way is there once after the next delivery', async () => {
  const { query, s3 } = connect(config, run.bridge.environment)
  s3.destroy()
  const [rows] =
    await query(`SELECT COUNT(*) AS n, COUNT(DISTINCT source_line) AS lines, MIN(source_line) AS first,
    MAX(source_line) AS last, COUNTIF(message = CONCAT('line ', CAST(source_line AS STRING))) AS right
    FROM logs.ecs_large WHERE source_uri = '${run.uri}'`)
  const { lines } = run
  expect(rows).toEqual({ n: lines, lines, first: 1, last: lines, right: lines })
  const record = await query('SELECT source_uri, outcome, rows_written FROM causeway.objects')
  expect(record).toEqual([{ source_uri: run.uri, outcome: 'committed', rows_written: lines }])
  expect(run.bridge.function.restarts).toBe(1)
  // Both tries appended: the killed one's rows are in streams that are never committed.
  expect(run.bridge.bigquery.rowsAppended()).toBeGreaterThan(lines * 1.5)
})

test.skipIf(!hasProc)('the process stays under 400 MB throughout (needs /proc)', () => {
  expect(run.peaks).toHaveLength(2)
  for (const peak of run.peaks ?? []) expect(peak).toBeLessThan(400_000_000)
})
