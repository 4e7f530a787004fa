import { exec } from 'node:child_process'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { sampleObjects } from '../../scripts/samples/sample-objects.ts'
import { runCommand } from '../bridge/command-process.ts'
import { parquetFile } from '../parse/parquet-file.ts'

let directory: string
const file = (name: string) => join(directory, name)
const alb = sampleObjects({ now: Date.now() }).find(({ source }) => source === 'alb')
if (!alb) throw new Error('there is no alb sample')

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'causeway-commands-'))
  await writeFile(file('alb.log.gz'), alb.body)
  await writeFile(file('picture.png'), '\x89PNG\r\n\x1a\n\0\0\0\rIHDR')
  await writeFile(file('flows.parquet'), await parquetFile(`SELECT 'eni-1' AS interface_id, 2 AS version`))
  await writeFile(file('damaged.log.gz'), gzipSync('x'.repeat(10_000)).subarray(0, 30))
})
afterAll(() => rm(directory, { recursive: true, force: true }))

const rowsOf = (text: string) =>
  text
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line))

describe('start with a file', () => {
  test('loads it, shows where it went, and a second run loads nothing twice', async () => {
    for (const _run of ['first', 'second']) {
      const done = await runCommand('--state', file('state'), 'start', file('alb.log.gz'))
      expect(done.stderr).toContain('loaded 1/1')
      expect(done.code).toBe(0)
      expect(done.stdout).toContain('committed')
      for (const app of Object.keys(alb.rowsPerApp)) expect(done.stdout).toContain(`logs.alb_${app}`)
    }
    const sql = 'SELECT app, COUNT(*) AS n FROM logs.alb_* GROUP BY app'
    const asked = await runCommand('--state', file('state'), 'query', '--json', sql)
    expect(asked.code).toBe(0)
    expect(rowsOf(asked.stdout)).toEqual(Object.entries(alb.rowsPerApp).map(([app, n]) => ({ app, n })))
  }, 150_000)

  test('latency writes a plot of it', async () => {
    const done = await runCommand('--state', file('state'), 'latency', '--out', file('latency.html'))
    expect(done).toMatchObject({ code: 0, stdout: expect.stringContaining('1 object') })
  }, 90_000)
})

test('start takes a directory, and a format that no source has', async () => {
  await mkdir(file('tables/2026'), { recursive: true })
  await writeFile(file('tables/2026/a.log'), 'app\tstatus\nshop\t200\n')
  await writeFile(file('tables/b.log'), 'app\tstatus\nshop\t404\n')
  const done = await runCommand('--state', file('state'), 'start', '--format', 'tsv', file('tables'))
  expect(done.stderr).toContain('loaded 2/2')
  expect(done.code).toBe(0)
  const sql = 'SELECT JSON_VALUE(rest.status) AS status, source_uri AS uri FROM logs.tsv_shop ORDER BY status'
  const asked = await runCommand('--state', file('state'), 'query', '--json', sql)
  expect(rowsOf(asked.stdout)).toEqual([
    { status: '200', uri: 's3://causeway-files-tsv/2026/a.log' },
    { status: '404', uri: 's3://causeway-files-tsv/b.log' },
  ])
}, 90_000)

describe('preview', () => {
  test('gives a row or a reject for every line', async () => {
    const done = await runCommand('preview', file('alb.log.gz'))
    expect(done.code).toBe(0)
    const rows = rowsOf(done.stdout)
    const rejects = rowsOf(done.stderr)
    expect(rejects.map((reject) => reject.source_line)).toEqual(alb.badLineNumbers)
    expect(rows.length + rejects.length).toBe(alb.lines)
    expect(rows[0]).toMatchObject({
      table: `logs.alb_${rows[0].app}`,
      source_line: 1,
      elb: expect.stringContaining(rows[0].app),
    })
  })
})

test('preview tells Parquet by its columns', async () => {
  const { code, stdout } = await runCommand('preview', file('flows.parquet'))
  expect(code).toBe(0)
  expect(rowsOf(stdout)).toMatchObject([
    { table: 'logs.aws__vpcflow_eni_1', interface_id: 'eni-1', version: 2 },
  ])
})

describe('preview of the examples', () => {
  const example = (name: string, log: string, ...options: string[]) =>
    runCommand(
      '--config',
      `examples/${name}/bridge.config.ts`,
      'preview',
      ...options,
      `examples/${name}/${log}`,
    )

  test('rows and rejects, as the source shapes them', async () => {
    const { code, stdout, stderr } = await example('trade', 'events.log')
    expect(code).toBe(0)
    expect(rowsOf(stdout)[0]).toMatchObject({
      table: 'logs.trade_order_gateway',
      event_time: '2026-11-20T10:15:01.457000Z',
      returnCode: 17,
      returnMessage: 'limit exceeded',
    })
    expect(rowsOf(stderr)).toMatchObject([{ error_class: 'malformed', source_line: 6 }])
  })

  test('in numbers', async () => {
    const { code, stdout } = await example('trade', 'events.log', '--summary')
    expect(code).toBe(0)
    expect(stdout).toContain('json-lines, as source trade')
    expect(stdout).toContain('6 lines = 3 written + 2 filtered + 1 rejected')
    expect(stdout).toMatch(/logs\.trade_settlement +settlement +1\n/)
    expect(stdout).toMatch(/malformed +1 +6 +the line is no JSON object/)
    expect(stdout).toMatch(/never filled: level, /)
  })

  test('a reader that has seen enough ends it quietly', async () => {
    const command = `'${process.execPath}' scripts/causeway.ts preview '${file('alb.log.gz')}'`
    const script = `${command} | head -1; exit "\${PIPESTATUS[0]}"`
    const { stdout, stderr } = await promisify(exec)(script, { shell: '/bin/bash' })
    expect(rowsOf(stdout)).toHaveLength(1)
    expect(stderr).not.toMatch(/EPIPE| {4}at /)
  })
})

describe('what cannot be done is said, with what to do', () => {
  const config = (text: string) => writeFile(file('bad.config.ts'), text)

  test.each([
    ['a file that does not exist', ['preview', 'absent.log'], /cannot read absent\.log.*no such file/],
    [
      'what is no log',
      ['preview', 'picture.png'],
      /picture\.png: it is no text, and none of the compressions/,
    ],
    ['a format there is not', ['preview', '--format', 'cobol', 'alb.log.gz'], /alb, json-lines/],
    [
      'a damaged gzip',
      ['preview', '--format', 'alb', 'damaged.log.gz'],
      /damaged\.log\.gz: the gzip data is damaged/,
    ],
    ['a source there is not', ['preview', '--source', 'nlb', 'alb.log.gz'], /no source nlb.*alb, ecs/],
    ['no bridge', ['put', 'alb', 'alb.log.gz'], /no local bridge is running.*causeway -- local/],
    ['bad SQL', ['query', 'SELEKT 1'], /the query failed/],
    ['a bad duration', ['latency', '--since', 'soon'], /30m, 24h or 7d/],
    ['nothing measured', ['latency'], /no object was loaded/],
  ])('%s', async (_name, args, message) => {
    const paths = args.map((arg) => (/\.(gz|png|parquet)$/.test(arg) ? file(arg) : arg))
    const done = await runCommand('--state', file('empty-state'), ...paths)
    expect(done.stderr).toMatch(message)
    expect(done.stderr).not.toContain('    at ')
    expect(done.code).toBe(1)
  })

  test('a configuration with several faults: all of them, with their paths', async () => {
    const define = JSON.stringify(join(import.meta.dirname, '../../functions/config/define-bridge.ts'))
    await config(`import { defineBridge } from ${define}
      export default defineBridge({ aws: { region: 'mars' }, google: { project: 'P', location: 'US', landingBucket: 'x-landing' },
        sources: { 'A b': { bucket: 'logs', format: 'cobol', colour: 1 } } })`)
    const done = await runCommand('--config', file('bad.config.ts'), 'preview', file('alb.log.gz'))
    expect(done.code).toBe(1)
    for (const path of ['aws.region', 'google.project', 'format', 'colour'])
      expect(done.stderr).toContain(path)
  })
})
