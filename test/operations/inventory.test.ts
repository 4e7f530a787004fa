import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { defineBridge } from '../../functions/config/define-bridge.ts'
import { runCommand } from '../bridge/command-process.ts'
import { startTestBridge, type TestBridge } from '../bridge/local-bridge.ts'
import { parquetFile } from '../parse/parquet-file.ts'

const bucket = 'example-logs'
const input = {
  aws: { region: 'us-east-1' },
  google: {
    project: 'example-project',
    location: 'US' as const,
    landingBucket: 'example-landing',
    ledgerBucket: 'example-ledger',
  },
  // Where inventories are kept is a bucket like any other.
  sources: {
    texts: { bucket, prefix: 'logs/', format: 'text' as const },
    lists: { bucket: 'example-inventories', format: 'text' as const },
  },
}
/** What S3 is said to have: one that is loaded, one that it never announced, and what is not current, or not of the source. */
const day = '2026-11-20'
const columns = [
  'bucket',
  'key',
  'is_latest',
  'is_delete_marker',
  'size',
  'last_modified_date',
  'etag',
  'storage_class',
]
const listed = [
  [bucket, 'logs/a b+c/1.log', true, false, 5, `${day}T10:00:00.000Z`, 'unannounced', 'STANDARD'],
  [bucket, 'logs/2.log', false, false, 5, `${day}T10:00:00.000Z`, 'older', 'STANDARD'],
  [bucket, 'logs/3.log', true, true, 0, `${day}T10:00:00.000Z`, 'deleted', 'STANDARD'],
  [bucket, 'logs/4.log', true, false, 5, `${day}T10:00:00.000Z`, 'frozen', 'GLACIER'],
  [bucket, 'others/5.log', true, false, 5, `${day}T10:00:00.000Z`, 'other', 'STANDARD'],
  [bucket, 'logs/6.log', true, false, 5, '2026-11-19T23:59:59.000Z', 'earlier', 'STANDARD'],
] as const
const found = [
  's3://example-logs/logs/4.log: archived, GLACIER',
  's3://example-logs/logs/a b+c/1.log: not_announced',
]

let directory: string
let running: TestBridge

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'causeway-inventory-'))
  const definition = JSON.stringify(join(import.meta.dirname, '../../functions/config/define-bridge.ts'))
  await writeFile(
    join(directory, 'bridge.config.ts'),
    `import { defineBridge } from ${definition}\nexport default defineBridge(${JSON.stringify(input)})\n`,
  )
  running = await startTestBridge(defineBridge(input))
}, 60_000)
afterAll(async () => {
  await running.stop()
  await rm(directory, { recursive: true })
})

async function reconcile(...inventory: string[]) {
  const options = ['--config', join(directory, 'bridge.config.ts'), '--state', running.directory]
  const window = ['--source', 'texts', '--from', day, '--to', '2026-11-21']
  const result = await runCommand(...options, 'reconcile', ...window, '--inventory', ...inventory, '--json')
  const { details = [] } = result.stdout ? JSON.parse(result.stdout) : {}
  const objects = details.filter((line: string) => line.startsWith('s3://'))
  return { ...result, objects: objects.map((line: string) => line.replace(/, the log.*/, '')).sort() }
}

/** As S3 Inventory writes it: no header, keys as in a URL. */
async function putInventory(format: 'CSV' | 'Parquet' | 'ORC', file: string, body: Buffer): Promise<string> {
  await running.put('example-inventories', file, body)
  const manifest = {
    sourceBucket: bucket,
    destinationBucket: 'arn:aws:s3:::example-inventories',
    fileFormat: format,
    fileSchema:
      format === 'CSV'
        ? 'Bucket, Key, IsLatest, IsDeleteMarker, Size, LastModifiedDate, ETag, StorageClass'
        : 'message s3.inventory { required binary bucket (UTF8); }',
    files: [{ key: file, size: body.length, MD5checksum: '' }],
  }
  await running.put('example-inventories', `${file}.manifest.json`, JSON.stringify(manifest))
  return `s3://example-inventories/${file}.manifest.json`
}

const csv = (encode: (key: string) => string) =>
  listed
    .map(
      ([at, key, ...others]) => `"${at}","${encode(key)}",${others.map((value) => `"${value}"`).join(',')}\n`,
    )
    .join('')

const selectAll = listed
  .map(
    ([at, key, latest, marker, size, time, etag, storage]) =>
      `SELECT '${at}' AS bucket, '${key}' AS key, ${latest} AS is_latest, ${marker} AS is_delete_marker,
      ${size}::BIGINT AS size, TIMESTAMP '${time.replace(/\.000Z$/, '')}' AS last_modified_date, '${etag}' AS e_tag,
      '${storage}' AS storage_class`,
  )
  .join(' UNION ALL ')

const inUrl = (key: string) => encodeURIComponent(key).replaceAll('%20', '+')

test.each<[string, () => Promise<string>]>([
  ['an S3 Inventory as CSV', () => putInventory('CSV', 'list.csv.gz', gzipSync(csv(inUrl)))],
  [
    'an S3 Inventory as Parquet',
    async () => putInventory('Parquet', 'list.parquet', await parquetFile(selectAll)),
  ],
  [
    'a CSV with a header, as Athena exports an S3 Metadata table',
    async () => {
      const path = join(directory, 'export.csv')
      await writeFile(path, `${columns.join(',')}\n${csv((key) => key)}`)
      return path
    },
  ],
  [
    'a Parquet file',
    async () => {
      const path = join(directory, 'export.parquet')
      await writeFile(path, await parquetFile(selectAll))
      return path
    },
  ],
])('%s tells what S3 has, and no listing is made', async (_, inventory) => {
  const uri = await inventory()
  const before = running.bridge.calls()['s3']?.['ListObjectsV2'] ?? 0
  const { code, stderr, objects } = await reconcile(uri)
  expect([code, stderr, objects]).toEqual([1, '', found])
  expect(running.bridge.calls()['s3']?.['ListObjectsV2'] ?? 0).toBe(before)
  expect(Object.keys(running.bridge.calls()['s3'] ?? {})).not.toContain('ListObjects')
})

test('a file that cannot be written is a fault, not a crash', async () => {
  const uri = await putInventory('CSV', 'again.csv.gz', gzipSync(csv(inUrl)))
  const { code, stderr } = await reconcile(uri, '--out', join(directory, 'nowhere', 'differences.ndjson'))
  expect([code, stderr]).toEqual([2, expect.stringMatching(/^causeway: reconcile failed: ENOENT.*\n$/)])
})

test('a key may have whatever ends a line', async () => {
  const key = 'logs/a\u2028b\nc.log'
  const list = `"${bucket}","${inUrl(key)}","true","false","5","${day}T10:00:00.000Z","odd","STANDARD"\n`
  const { objects } = await reconcile(await putInventory('CSV', 'odd.csv.gz', gzipSync(list)))
  expect(objects).toEqual([`s3://${bucket}/${key}: not_announced`])
})

test.each<[string, () => Promise<string>, string]>([
  ['ORC', () => putInventory('ORC', 'list.orc', Buffer.from('ORC')), 'is in ORC, which is not read here'],
  [
    'what is no manifest',
    async () => {
      await running.put('example-inventories', 'other.json', '{}')
      return 's3://example-inventories/other.json'
    },
    'is no manifest of an S3 Inventory',
  ],
  [
    'one without ETags',
    async () => {
      await writeFile(join(directory, 'short.csv'), 'bucket,key\nb,k\n')
      return join(directory, 'short.csv')
    },
    'needs the fields Bucket, Key, ETag and LastModifiedDate, and has bucket, key:',
  ],
  [
    'one whose times cannot be read',
    async () => {
      await writeFile(join(directory, 'late.csv'), 'bucket,key,etag,last_modified_date\nb,k,e,late\n')
      return join(directory, 'late.csv')
    },
    'record 1: its bucket, key, ETag or LastModifiedDate is missing',
  ],
  [
    'lines of other lengths',
    async () => {
      await writeFile(join(directory, 'ragged.csv'), 'bucket,key,etag,last_modified_date\nb,k,e\n')
      return join(directory, 'ragged.csv')
    },
    'line 2: 3 values, and there are 4 columns',
  ],
])('%s is refused', async (_, inventory, fault) => {
  const { code, stderr } = await reconcile(await inventory())
  expect([code, stderr]).toEqual([2, expect.stringContaining(fault)])
})
