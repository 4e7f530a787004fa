import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import config from '../../bridge.config.ts'
import { sampleObjects } from '../../scripts/samples/sample-objects.ts'
import { formatOf, outcomesOf, soundContentOf, tellable } from '../parse/fixture-files.ts'
import { startTestBridge, type TestBridge } from './local-bridge.ts'

const samples = sampleObjects({ now: Math.floor(Date.now() / 3_600_000) * 3_600_000 })
const bucketOf = (source: string) => config.sources.find(({ name }) => name === source)?.bucket ?? ''

let local: TestBridge
beforeAll(async () => {
  local = await startTestBridge(config)
}, 120_000)
afterAll(() => local?.stop())

describe('the whole bridge, by official clients', () => {
  beforeAll(async () => {
    await Promise.all(samples.map(({ source, key, body }) => local.put(bucketOf(source), key, body)))
    await local.queryUntil('SELECT outcome FROM causeway.objects', (rows) => rows.length === samples.length)
  })

  test.each(['alb', 'ecs'])('%s: every good line is one row of the table of its app', async (source) => {
    const rows = await local.query(`SELECT app, _TABLE_SUFFIX AS suffix, source_uri, COUNT(*) AS n,
      COUNT(DISTINCT CONCAT(source_uri, ' ', CAST(source_line AS STRING))) AS lines
      FROM \`logs.${source}_*\` GROUP BY app, suffix, source_uri`)
    const expected = samples
      .filter((sample) => sample.source === source)
      .flatMap((sample) =>
        Object.entries(sample.rowsPerApp).map(([app, n]) => ({
          app,
          suffix: app,
          n,
          lines: n,
          source_uri: `s3://${bucketOf(source)}/${sample.key}`,
        })),
      )
    expect(byText(rows)).toEqual(byText(expected))
  })

  test('every bad line is in rejects, by its number', async () => {
    const rows = await local.query('SELECT source_uri, source_line AS line FROM causeway.rejects')
    const expected = samples.flatMap(({ source, key, badLineNumbers }) =>
      badLineNumbers.map((line) => ({ source_uri: `s3://${bucketOf(source)}/${key}`, line })),
    )
    expect(expected.length).toBeGreaterThan(0)
    expect(byText(rows)).toEqual(byText(expected))
  })

  test('objects accounts for every line of every object', async () => {
    const rows = await local.query(
      'SELECT source_uri, outcome, lines_read, rows_written, rows_filtered, rows_rejected FROM causeway.objects',
    )
    const expected = samples.map(({ source, key, lines, badLines }) => ({
      source_uri: `s3://${bucketOf(source)}/${key}`,
      outcome: 'committed',
      lines_read: lines,
      rows_written: lines - badLines,
      rows_filtered: 0,
      rows_rejected: badLines,
    }))
    expect(byText(rows)).toEqual(byText(expected))
  })

  test('the times of the hops are in order', async () => {
    const [row] = await local.query(`SELECT COUNT(*) AS n,
      COUNTIF(uploaded_at <= landed_at AND landed_at <= started_at AND started_at <= committed_at) AS ordered
      FROM causeway.objects`)
    expect(row).toEqual({ n: samples.length, ordered: samples.length })
  })
})

describe('a bucket of any logs', () => {
  const bucket = bucketOf('aws')
  const formats = [...new Set(tellable.map(formatOf))]

  beforeAll(async () => {
    await Promise.all(
      tellable.map((file) => local.put(bucket, `any/${file}.gz`, gzipSync(soundContentOf(file)))),
    )
    const loaded = `SELECT format FROM causeway.objects WHERE source = 'aws' AND outcome = 'committed'`
    await local.queryUntil(loaded, (rows) => rows.length === tellable.length)
  })

  test.each(formats)('%s has its rows in tables of its own', async (format) => {
    const files = tellable.filter((file) => formatOf(file) === format)
    const good = files.flatMap(outcomesOf).filter((outcome) => !('error_class' in outcome))
    const objects = await local.query(`SELECT COUNT(*) AS objects, SUM(rows_written) AS written
      FROM causeway.objects WHERE source = 'aws' AND format = '${format}'`)
    expect(objects).toEqual([{ objects: files.length, written: good.length }])
    const apps = await local.query(
      `SELECT app, COUNT(*) AS n FROM \`logs.aws__${format.replaceAll('-', '')}_*\` GROUP BY app`,
    )
    const expected = Object.entries(Object.groupBy(good, ({ app }) => String(app)))
    expect(byText(apps)).toEqual(byText(expected.map(([app, rows = []]) => ({ app, n: rows.length }))))
  })

  test('what is no log is quarantined, and says what it is', async () => {
    await local.put(bucket, 'any/picture.png', '\x89PNG\r\n\x1a\n\0\0\0\rIHDR')
    const rows = await local.queryUntil(
      `SELECT outcome, reason, detail FROM causeway.objects WHERE source_uri LIKE '%/picture.png'`,
      (found) => found.length === 1,
    )
    expect(rows).toMatchObject([{ outcome: 'quarantined', reason: 'unknown_format' }])
    expect(rows[0]?.['detail']).toMatch(/it is no text, and none of the compressions that are read/)
  })
})

describe('what else can arrive', () => {
  const line = (app: string) =>
    `${JSON.stringify({ app, timestamp: new Date().toISOString(), message: 'hello' })}\n`
  const bucket = bucketOf('ecs')

  test.each(['a key+with 50%25 of everything.log', 'späce/日本語/ü.log', 'quote\'and"double.log'])(
    'key %s comes through as it is',
    async (key) => {
      await local.put(bucket, key, line('keys'))
      const uri = `s3://${bucket}/${key}`
      const rows = await local.queryUntil('SELECT DISTINCT source_uri FROM logs.ecs_keys', (found) =>
        found.some((row) => row['source_uri'] === uri),
      )
      expect(rows).toContainEqual({ source_uri: uri })
    },
  )

  test('an object that is empty, or is no file, is on record and nothing is loaded', async () => {
    await local.put(bucket, 'empty.log', '')
    await local.put(bucket, 'folder/', 'x')
    const rows = await local.queryUntil(
      `SELECT outcome, reason FROM causeway.objects WHERE landing_uri LIKE '%/empty.log' OR landing_uri LIKE '%/folder/'`,
      (found) => found.length === 2,
    )
    expect(byText(rows)).toEqual(
      byText([
        { outcome: 'ignored', reason: 'empty_object' },
        { outcome: 'ignored', reason: 'directory' },
      ]),
    )
  })

  test('a damaged gzip is quarantined with its cause, and none of its rows is seen', async () => {
    const whole = gzipSync(line('damaged').repeat(1_000))
    await local.put(bucket, 'damaged.log.gz', whole.subarray(0, whole.length - 20))
    const rows = await local.queryUntil(
      `SELECT outcome, reason FROM causeway.objects WHERE source_uri LIKE '%/damaged.log.gz'`,
      (found) => found.length === 1,
    )
    expect(rows).toEqual([{ outcome: 'quarantined', reason: 'corrupt_gzip' }])
    const seen = await local.query(`SELECT COUNT(*) AS n FROM \`logs.ecs_*\` WHERE app = 'damaged'`)
    expect(seen).toEqual([{ n: 0 }])
  })
})

/** Rows in an order that does not depend on how they came. */
function byText(rows: readonly object[]): object[] {
  const text = (row: object) => JSON.stringify(Object.entries(row).toSorted())
  return rows.toSorted((a, b) => text(a).localeCompare(text(b)))
}
