import { readFile } from 'node:fs/promises'
import { gzipSync } from 'node:zlib'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { FormatName } from '../../../functions/parse/formats.ts'
import { readObject, sourceOf } from '../../split/read-object.ts'

/** Formats of JSON records, each with a file of them. */
const files: readonly (readonly [FormatName, string])[] = [
  ['cloudtrail', 'cloudtrail.log'],
  ['cloudtrail', 'cloudtrail.events.log'],
  ['cloudwatch-logs', 'cloudwatch-logs.log'],
  ['network-firewall', 'network-firewall.log'],
  ['route53-resolver', 'route53-resolver.log'],
  ['vpc-lattice', 'vpc-lattice.log'],
  ['waf', 'waf.log'],
  ['guardduty', 'guardduty.log'],
  ['security-lake', 'security-lake.log'],
  ['api-gateway', 'api-gateway.log'],
  ['kubernetes-audit', 'kubernetes-audit.log'],
  ['journald', 'journald.log'],
]

function fixture(name: string): Promise<Buffer> {
  return readFile(new URL(`../../fixtures/${name}`, import.meta.url))
}

test.each(files)('%s: %s cut off anywhere loses only what is missing, and says so', async (format, name) => {
  const content = (await fixture(name)).toString().trimEnd()
  const source = sourceOf({ format })
  const whole = await readObject(source, content)
  expect(whole.counts.rejected).toBe(0)
  for (let length = 1; length < content.length; length += 23) {
    const cut = content.slice(0, length)
    const { rows, rejects } = await readObject(source, cut)
    const asWhole = (row: Record<string, unknown>, index: number) =>
      expect({ ...row, loaded_at: 0 }).toEqual({ ...whole.rows[index], loaded_at: 0 })
    rows.forEach(asWhole)
    expect(rejects.map((reject) => reject['error_class'])).toEqual(isWhole(cut) ? [] : ['malformed'])
  }
})

/** Whether documents one after the other are all closed. */
function isWhole(documents: string): boolean {
  try {
    return Array.isArray(JSON.parse(`[${documents.replaceAll(/\}\s*\{/g, '},{')}]`))
  } catch {
    return false
  }
}

test.each(files)('%s: changed bytes of %s never throw and never lose a record', async (format, name) => {
  const content = await fixture(name)
  const change = fc.record({ at: fc.nat(), byte: fc.nat(255) })
  await fc.assert(
    fc.asyncProperty(fc.array(change, { minLength: 1, maxLength: 6 }), async (changes) => {
      const bytes = Buffer.from(content)
      for (const { at, byte } of changes) bytes[at % bytes.length] = byte
      const { counts, rows, rejects } = await readObject(sourceOf({ format }), bytes)
      expect(counts).toMatchObject({ written: rows.length, rejected: rejects.length })
      expect(counts.read).toBe(counts.written + counts.rejected + counts.filtered)
      for (const row of rows) if (row['rest'] !== undefined) JSON.parse(String(row['rest']))
    }),
    { numRuns: 150 },
  )
})

const million = 1_000_000
const hostile = {
  brackets: '['.repeat(million),
  'nested objects': '{"a":'.repeat(million / 5),
  'lists that close': `{"a":${'['.repeat(million / 2)}${']'.repeat(million / 2)}}`,
  'a list of lists': `{"a":[${'[],'.repeat(million / 3)}[]]}`,
  quotes: '{"a":"\\"'.repeat(million / 8),
  names: `{${'"Records":'.repeat(million / 10)}`,
  'lists within lists': '{"Records":['.repeat(million / 12),
  documents: '{}'.repeat(million / 20),
  braces: '}'.repeat(million),
  blanks: `{"a":${' '.repeat(million)}1`,
  digits: `{"a":${'9'.repeat(million)}}`,
  members: `{${Array.from({ length: million / 10 }, (_, n) => `"m${n}":1`).join(',')}}`,
  'one name over and over': `{${'"eventName":"x",'.repeat(million / 16)}"a":1}`,
}

test.each(Object.entries(hostile))('a megabyte of %s is no work', async (_, content) => {
  for (const format of ['cloudtrail', 'cloudwatch-logs', 'waf'] as const) {
    const started = performance.now()
    const { counts } = await readObject(sourceOf({ format }), content)
    expect(counts.read).toBeGreaterThan(0)
    // Milliseconds each on an idle machine; anything quadratic takes minutes.
    expect(performance.now() - started).toBeLessThan(5000)
  }
})

async function cloudtrailRow(members: string): Promise<Record<string, unknown>> {
  const event = `{"eventVersion":"1.11","eventTime":"2026-11-20T10:15:00Z",${members}}`
  const { rows } = await readObject(sourceOf({ format: 'cloudtrail' }), `{"Records":[${event}]}`)
  return rows[0] ?? {}
}

test.each([
  [
    'a number past 2^53',
    '"requestParameters":{"n":9007199254740993}',
    { requestparameters: '{"n":9007199254740993}' },
  ],
  ['one past 64 bits', '"extra":123456789012345678901', { rest: '{"extra":"123456789012345678901"}' }],
  ['the last of two members', '"eventName":"A","eventName":"B"', { eventname: 'B' }],
  [
    'names of Object.prototype',
    '"__proto__":{"eventName":"A"},"constructor":1',
    {
      rest: '{"__proto__":{"eventName":"A"},"constructor":1}',
    },
  ],
  [
    'half a surrogate pair',
    '"eventName":"a\\ud83d","userIdentity":{"\\ud83d":"\\ude00"}',
    {
      eventname: 'a\ufffd',
      useridentity: '{"\ufffd":"\ufffd"}',
    },
  ],
  [
    'a value of another kind',
    '"readOnly":"maybe","userIdentity":"me","eventName":{"a":1}',
    {
      rest: '{"readOnly":"maybe","userIdentity":"me","eventName":{"a":1}}',
    },
  ],
  ['text for true', '"readOnly":"true"', { readonly: true }],
])('%s', async (_, members, cells) => {
  const row = await cloudtrailRow(members)
  expect(row).toMatchObject(cells)
  for (const name of ['eventname', 'readonly', 'rest'])
    if (!(name in cells)) expect(row[name]).toBeUndefined()
})

test('nesting deeper than BigQuery takes is a reject', async () => {
  const deep = (levels: number) =>
    `{"eventVersion":"1","eventTime":"2026-11-20T10:15:00Z","a":${'['.repeat(levels)}${']'.repeat(levels)}}`
  const content = `{"Records":[${deep(400)},${deep(600)},${deep(50_000)}]}`
  const { counts } = await readObject(sourceOf({ format: 'cloudtrail' }), content)
  expect(counts).toMatchObject({ written: 1, rejected: 2 })
})

test('an event over the limit is a reject with its start, and the others are rows', async () => {
  const event = (name: string) =>
    `{"eventVersion":"1","eventTime":"2026-11-20T10:15:00Z","eventName":"${name}"}`
  const content = `{"Records":[${event('a')},${event('x'.repeat(5 * 1024 * 1024))},${event('b')}]}`
  const { rows, rejects } = await readObject(sourceOf({ format: 'cloudtrail' }), content)
  expect(rows.map((row) => [row['eventname'], row['source_line']])).toEqual([
    ['a', '1'],
    ['b', '3'],
  ])
  expect(rejects).toMatchObject([{ error_class: 'line_too_long', source_line: '2' }])
})

const other = '{"eventTime":"2026-11-20T10:15:00Z","time":1,"message":"no AWS log"}'
test.each(files.map(([format]) => format))('other JSON is no %s', async (format) => {
  const { counts, rejects } = await readObject(sourceOf({ format }), `${other}\nplain text\n[1]\n`)
  expect(counts).toMatchObject({ written: 0, rejected: 3 })
  for (const { error_class } of rejects) expect(error_class).toBe('malformed')
})

test('a trail file that lists nothing has no lines', async () => {
  const { counts } = await readObject(sourceOf({ format: 'cloudtrail' }), '{"Records":[]}')
  expect(counts).toEqual({ read: 0, written: 0, filtered: 0, rejected: 0 })
})

test('what a trail file says beside its events is a reject', async () => {
  const content = '{"from":"x","Records":[]}{"Records":[],"to":"y"}'
  const { rejects } = await readObject(sourceOf({ format: 'cloudtrail' }), content)
  expect(rejects.map((reject) => reject['raw_line'])).toEqual([
    '{"from":"x","Records":[]}',
    '{"Records":[],"to":"y"}',
  ])
})

test('CloudWatch Logs messages, compressed each and together, one after the other', async () => {
  const content = await fixture('cloudwatch-logs.log')
  const source = sourceOf({ format: 'cloudwatch-logs' })
  const plain = await readObject(source, content)
  expect(plain.counts).toEqual({ read: 7, written: 3, filtered: 4, rejected: 0 })
  const once = Buffer.concat([gzipSync(content), gzipSync(content)])
  for (const compressed of [once, gzipSync(once)])
    expect((await readObject(source, compressed)).counts).toMatchObject({ read: 14, written: 6 })
})

test('the app of a log event may stand in its message', async () => {
  const source = sourceOf({ format: 'cloudwatch-logs', app: { field: 'message.service' } })
  const { rowsByApp } = await readObject(source, await fixture('cloudwatch-logs.log'))
  expect(rowsByApp).toEqual({ unknown: 2, cart: 1 })
})

test('what a message says behind its log events makes no row and no reject', async () => {
  const event = '{"id":"1","timestamp":1795169700000,"message":"x"}'
  const messageOf = (type: string) =>
    `{"messageType":"${type}","logGroup":"a","logStream":"b","logEvents":[${event}],"policyLevel":"ACCOUNT_LEVEL_POLICY"}`
  const content = `${messageOf('DATA_MESSAGE')}${messageOf('CONTROL_MESSAGE')}\n${messageOf('DATA_MESSAGE')}`
  const { rows, filteredBy, rejects } = await readObject(sourceOf({ format: 'cloudwatch-logs' }), content)
  expect(rows).toMatchObject([{ log_group: 'a' }, { log_group: 'a' }])
  expect(filteredBy).toEqual({ envelope: 4, control_message: 3 })
  expect(rejects).toEqual([])
})

test('log events ahead of the name of their group are rows without it, and their message a reject', async () => {
  const event = '{"id":"1","timestamp":1795169700000,"message":"x"}'
  const named = `{"logGroup":"a","logStream":"b","logEvents":[${event}]}`
  const unnamed = `{"logEvents":[${event}],"logGroup":"c","logStream":"d"}`
  const { rows, rejects } = await readObject(sourceOf({ format: 'cloudwatch-logs' }), named + unnamed)
  expect(rows.map((row) => row['log_group'])).toEqual(['a', undefined])
  expect(rejects.map((reject) => reject['raw_line'])).toEqual([
    '{"logEvents":[]}',
    '{"logEvents":[],"logGroup":"c","logStream":"d"}',
  ])
})
