import { createHash } from 'node:crypto'
import { gunzipSync } from 'node:zlib'
import { expect, test } from 'vitest'
import type { SampleObject } from '../scripts/samples/sample-object.ts'
import { sampleObjects } from '../scripts/samples/sample-objects.ts'

const now = Date.UTC(2026, 10, 21, 0, 3)
const objects = sampleObjects({ now })

/** The entry as the AWS documentation describes it, written down here a second time. */
const albEntry = new RegExp(
  [
    /^(?<type>https?|h2|wss?) (?<time>\S+Z) app\/(?<app>[a-z]+)\/[0-9a-f]{16} (?<client>[0-9a-f.:]+):\d+/,
    /(?:-|[\d.]+:\d+) (?:-1|\d+\.\d{3}) (?<target>-1|\d+\.\d{3}) (?:-1|\d+\.\d{3}) (?<status>\d{3}) (?:-|\d{3})/,
    /\d+ \d+ "(?<request>\S+ \S.*? \S+)" "(?<agent>[^"]*)" \S+ \S+ (?:-|arn:\S+) "[^"]*" "[^"]*" "[^"]*" \S+ \S+Z/,
    /"[^"]*" "[^"]*" "[^"]*" "[^"]*" "[^"]*" "[^"]*" "[^"]*" TID_[0-9a-f]{32}(?<transform> "[^"]*" "[^"]*" "[^"]*")?$/,
  ]
    .map(({ source }) => source)
    .join(' '),
)

function contentOf({ key, body }: SampleObject): Buffer {
  return key.endsWith('.gz') ? gunzipSync(body) : body
}

/** Lines as raw bytes, one character per byte. */
function linesOf(object: SampleObject): readonly string[] {
  return contentOf(object).toString('latin1').trimEnd().split('\n')
}

/** The app and time of a line, or undefined if it is a bad one, judged without the generator. */
function read(source: SampleObject['source'], raw: string): { app: string; at: number } | undefined {
  try {
    const line = new TextDecoder('utf-8', { fatal: true }).decode(Buffer.from(raw, 'latin1'))
    if (source === 'alb') {
      const fields = albEntry.exec(line)?.groups
      return fields && { app: String(fields['app']), at: Date.parse(String(fields['time'])) }
    }
    const record: Record<string, unknown> = JSON.parse(line)
    const date = record['timestamp'] ?? record['date']
    const at = typeof date === 'number' ? date * 1000 : Date.parse(String(date))
    return { app: String(record['container_name']), at }
  } catch {
    return undefined
  }
}

function countBy(values: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {}
  for (const value of values) counts[value] = (counts[value] ?? 0) + 1
  return counts
}

test('a dozen objects of both sources, a few thousand lines, some bad', () => {
  expect(countBy(objects.map(({ source }) => source))).toEqual({ alb: 9, ecs: 3 })
  expect(new Set(objects.map(({ key }) => key)).size).toBe(12)
  const lines = objects.reduce((sum, object) => sum + object.lines, 0)
  expect(lines).toBeGreaterThan(3000)
  expect(lines).toBeLessThan(5000)
  expect(objects.map(({ badLines }) => badLines)).toEqual([3, 0, 3, 3, 0, 3, 3, 0, 3, 3, 0, 3])
})

test.each(objects.map((object) => [object.key.split('/').at(-1), object] as const))(
  'the counts of %s hold',
  (_, object) => {
    const lines = linesOf(object)
    const entries = lines.map((line) => read(object.source, line))
    expect(lines).toHaveLength(object.lines)
    expect(entries.flatMap((entry, index) => (entry ? [] : [index + 1]))).toEqual(object.badLineNumbers)
    expect(countBy(entries.flatMap((entry) => entry?.app ?? []))).toEqual(object.rowsPerApp)
    expect(object.badLines).toBe(object.badLineNumbers.length)
  },
)

test.each([now, now + 11 * 3_600_000 + 299_999])('all times lie in the day before %d', (moment) => {
  const times = sampleObjects({ now: moment }).flatMap((object) =>
    linesOf(object).flatMap((line) => read(object.source, line)?.at ?? []),
  )
  expect(Math.min(...times)).toBeGreaterThan(moment - 24 * 3_600_000)
  expect(Math.max(...times)).toBeLessThanOrEqual(moment)
})

test('keys are those AWS writes', () => {
  expect(objects[0]?.key.replace(/[0-9a-f]{8}\.log/, 'random.log')).toBe(
    'AWSLogs/123456789012/elasticloadbalancing/us-east-1/2026/11/21/' +
      '123456789012_elasticloadbalancing_us-east-1_app.checkout.50dc6c495c0c9188_20261121T0000Z_10.0.1.7_random.log.gz',
  )
})

test('the ALB lines have the hard cases', () => {
  const fields = objects
    .filter(({ source }) => source === 'alb')
    .flatMap(linesOf)
    .map((line) => albEntry.exec(line)?.groups)
    .filter((groups) => groups !== undefined)
  const count = (isCase: (entry: (typeof fields)[number]) => boolean) => fields.filter(isCase).length
  expect(count(({ request }) => request?.endsWith(':80- -') ?? false)).toBeGreaterThan(5)
  expect(count(({ request }) => request?.includes('red shoes') ?? false)).toBeGreaterThan(0)
  expect(count(({ client }) => client?.startsWith('2001:db8:') ?? false)).toBeGreaterThan(100)
  expect(count(({ agent }) => agent?.includes('\\x22') ?? false)).toBeGreaterThan(100)
  expect(count(({ status, target }) => status === '460' && target === '-1')).toBeGreaterThan(0)
  expect(count(({ status, target }) => status === '502' && target === '-1')).toBeGreaterThan(0)
  expect(count(({ transform }) => transform?.includes('TransformSuccess') ?? false)).toBeGreaterThan(100)
  expect(count(({ transform }) => transform === undefined)).toBeGreaterThan(100)
})

test('objects come plain, as gzip and as gzip of two members', () => {
  const header = Buffer.from([0x1f, 0x8b, 0x08, 0, 0, 0, 0, 0])
  const members = objects
    .filter(({ source }) => source === 'ecs')
    .map(({ body }) => body.toString('latin1').split(header.toString('latin1')).length - 1)
  expect(members).toEqual([2, 1, 0])
})

test('the same seed and time give the same objects, another of either gives others', () => {
  expect(hashOf(sampleObjects({ now }))).toBe(hashOf(objects))
  expect(hashOf(sampleObjects({ now, seed: 2 }))).not.toBe(hashOf(objects))
  expect(hashOf(sampleObjects({ now: now + 86_400_000 }))).not.toBe(hashOf(objects))
  expect(hashOf(objects)).toBe('03f0b2a890c69ec8')
})

/** Of keys and contents: compressed bytes differ between zlib versions. */
function hashOf(samples: readonly SampleObject[]): string {
  const hash = createHash('sha256')
  for (const sample of samples) hash.update(`${sample.key}\n`).update(contentOf(sample))
  return hash.digest('hex').slice(0, 16)
}
