import { readFile } from 'node:fs/promises'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { readObject, sourceOf } from '../../split/read-object.ts'

const source = sourceOf({ format: 'json-lines' })

async function rowOf(line: string, changes: Partial<typeof source> = {}): Promise<Record<string, unknown>> {
  const { rows } = await readObject({ ...source, ...changes }, line)
  const { source_uri, source_etag, source_line, loaded_at, ...row } = rows[0] ?? { app: 'no row' }
  return { ...row, ...(row['rest'] !== undefined && { rest: JSON.parse(String(row['rest'])) }) }
}

test('container logs as FireLens delivers them', async () => {
  const content = await readFile(new URL('../../fixtures/json-lines.firelens.log', import.meta.url), 'utf8')
  const lines = content.trimEnd().split('\n')
  expect(await rowOf(lines[0] ?? '')).toEqual({
    app: 'cart',
    event_time: '1795169701500000',
    level: 'warn',
    message: 'slow',
    stream: 'stdout',
    container_id: 'c1',
    container_name: 'web',
    ecs_cluster: 'example',
    ecs_task_arn: 'arn:aws:ecs:us-east-1:000000000000:task/example/1',
    ecs_task_definition: 'web:3',
    rest: { date: 1795169700.123456, log: { service: 'cart', order: Number('1234567890123456789') } },
  })
  expect((await readObject(source, content)).rows[0]?.['rest']).toContain('"order":1234567890123456789}')
  expect(await rowOf(lines[1] ?? '')).toEqual({
    app: 'web',
    event_time: '1795169701500000',
    message: 'plain text',
    stream: 'stderr',
    container_name: 'web',
  })
  expect(await rowOf(lines[2] ?? '')).toEqual({
    app: '7',
    event_time: '1795162502000000',
    level: 'ERROR',
    message: 'failed',
    logger: 'db',
    trace_id: 't1',
    rest: { app: 7, log: { logger: 'db' }, tags: ['a'] },
  })
})

test.each([
  ['2026-11-20T10:15:00Z', '1795169700000000', false],
  ['2026-11-20T10:15:00.123456Z', '1795169700123456', false],
  ['2026-11-20T10:15:00.123456789Z', '1795169700123456', true],
  ['1795169700', '1795169700000000', false],
  ['1795169700123456789', '1795169700123456', true],
  [1795169700, '1795169700000000', false],
  [1795169700.123456, '1795169700123456', false],
  [1795169700123, '1795169700123000', false],
  [1795169700123456, '1795169700123456', false],
  // Out of BigQuery's partitions, or no time: kept as it stood.
  ['2016-11-20T10:15:00Z', undefined, true],
  ['2027-11-21T10:15:00Z', undefined, true],
  ['9999-12-31T23:59:59Z', undefined, true],
  ['yesterday', undefined, true],
  ['2026-11-20T10:15:0\u0130Z', undefined, true],
  [1, undefined, true],
  [null, undefined, true],
  [{ at: 'noon' }, undefined, true],
])('time %j', async (time, micros, kept) => {
  const row = await rowOf(JSON.stringify({ time }))
  expect(row['event_time']).toBe(micros)
  expect(row['rest']).toEqual(kept ? { time } : undefined)
})

test('nanoseconds since 1970 are a time and lose no digit', async () => {
  for (const digits of ['1795169700123456789', '1795169700.123456789']) {
    const { rows } = await readObject(source, `{"ts":${digits}}`)
    expect(rows[0]).toMatchObject({ event_time: expect.stringMatching(/^179516970012345[67]$/) })
    expect(rows[0]?.['rest']).toContain(digits)
  }
})

test.each([
  ['{"app":"a","service":"b"}', 'a'],
  ['{"service":{"name":"shop"}}', 'shop'],
  ['{"service.name":"shop"}', 'shop'],
  ['{"app":42}', '42'],
  ['{"app":12345678901234567890}', '12345678901234567890'],
  ['{"app":"","service":"b"}', 'b'],
  ['{"app":null,"service":true}', 'unknown'],
  ['{"app":["a"]}', 'unknown'],
  ['{"app":"one","app":"two"}', 'two'],
  ['{"__proto__":{"app":"evil"}}', 'unknown'],
  ['{"app":"a\\ud800"}', 'a\ufffd'],
])('the app of %s', async (line, app) => {
  expect((await rowOf(line))['app']).toBe(app)
})

test('a value of another kind than its column stays in rest', async () => {
  const line = '{"level":30,"message":{"a":1},"source":"elsewhere","logger":null,"trace_id":false}'
  expect(await rowOf(line)).toEqual({ app: 'unknown', rest: JSON.parse(line) })
})

test.each([
  '[1]',
  'null',
  'plain',
  '{"a":1',
  '{"a":1}}',
  '\ufeff{}',
  `{"a":${'['.repeat(100_000)}`,
  `{"a":${'['.repeat(100_000)}${']'.repeat(100_000)}}`,
])('line %# is a reject', async (line) => {
  const { counts, rejects } = await readObject(source, `{}\n${line}\n{}\n`)
  expect(counts).toEqual({ read: 3, written: 2, filtered: 0, rejected: 1 })
  expect(rejects[0]).toMatchObject({ error_class: 'malformed', source_line: '2' })
  expect(rejects[0]?.['raw_line'] === line).toBe(true)
})

test('what any object says is in its row, and its rest is JSON BigQuery takes', async () => {
  const name = fc.oneof(
    fc.constantFrom('log', 'level', 'message', 'time', 'service', '__proto__', 'log.level'),
    fc.string(),
  )
  const value = fc.oneof(
    fc.jsonValue({ maxDepth: 2 }),
    fc.jsonValue({ maxDepth: 1 }).map((inner) => JSON.stringify({ inner })),
  )
  await fc.assert(
    fc.asyncProperty(fc.dictionary(name, value), async (document) => {
      const { rows } = await readObject(source, JSON.stringify(document))
      const row = rows[0] ?? {}
      const rest: Record<string, unknown> = JSON.parse(String(row['rest'] ?? '{}'))
      const cells = Object.values(row)
      for (const [member, held] of Object.entries(JSON.parse(JSON.stringify(document)))) {
        const inRest =
          Object.hasOwn(rest, member) &&
          (member === 'log' || JSON.stringify(rest[member]) === JSON.stringify(held))
        if (!inRest && typeof held === 'string') expect([...cells, '{']).toContain(held)
        else if (!inRest) expect(member).toMatch(/^time$/)
      }
      expect(JSON.stringify(rest).isWellFormed()).toBe(true)
    }),
    { numRuns: 500 },
  )
})

test('a changed byte never throws and never loses a line', async () => {
  const content = await readFile(new URL('../../fixtures/json-lines.firelens.log', import.meta.url))
  const change = fc.record({ at: fc.nat(), byte: fc.nat(255) })
  await fc.assert(
    fc.asyncProperty(fc.array(change, { minLength: 1, maxLength: 6 }), async (changes) => {
      const bytes = Buffer.from(content)
      for (const { at, byte } of changes) bytes[at % bytes.length] = byte
      const { counts, rows, rejects } = await readObject(source, bytes)
      expect(counts).toMatchObject({ written: rows.length, rejected: rejects.length })
      expect(counts.read).toBe(counts.written + counts.rejected + counts.filtered)
      for (const row of rows) if (row['rest'] !== undefined) JSON.parse(String(row['rest']))
    }),
    { numRuns: 400 },
  )
})

test('several objects on one line are rows of that line', async () => {
  const { rows, counts } = await readObject(source, '{"app":"a"}{"app":"}{"} {"app":"c"}\n{"app":"d"}\n')
  expect(rows.map((row) => [row['source_line'], row['app']])).toEqual([
    ['1', 'a'],
    ['1', '}{'],
    ['1', 'c'],
    ['2', 'd'],
  ])
  expect(counts).toEqual({ read: 4, written: 4, filtered: 0, rejected: 0 })
})

test('a source with functions has them for each', async () => {
  const filtering = { ...source, filter: (row: { app: string }) => row.app !== 'b' }
  const { rows, counts } = await readObject(filtering, '{"app":"a"}{"app":"b"}{"app":"c"}\n')
  expect(rows.map((row) => [row['source_line'], row['app']])).toEqual([
    ['1', 'a'],
    ['1', 'c'],
  ])
  expect(counts).toEqual({ read: 3, written: 2, filtered: 1, rejected: 0 })
})

test.each(['{"app":"a"}{"app":', '{"app":"a"}{"app" "b"}', '{"app":"a"}x{"app":"b"}'])(
  'a line that is not all objects is one reject: %s',
  async (line) => {
    const { rows, rejects, counts } = await readObject(source, `\n${line}\n{"app":"z"}\n`)
    expect(rejects).toMatchObject([{ source_line: '2', raw_line: line, error_class: 'malformed' }])
    expect(rows).toMatchObject([{ source_line: '3', app: 'z' }])
    expect(counts).toEqual({ read: 3, written: 1, filtered: 1, rejected: 1 })
  },
)

test.each(['{"app":"a"},{"app":"b"}', '[{"app":"a"},{"app":"b"}],'])(
  'a line of objects between commas or in a list is all of them: %s',
  async (line) => {
    const { rows, rejects } = await readObject(source, `{"app":"z"}\n${line}\n`)
    expect(rejects).toEqual([])
    expect(rows.map(({ app }) => app)).toEqual(['z', 'a', 'b'])
  },
)

test('a megabyte of objects on one line is no work', async () => {
  const { counts } = await readObject(source, '{}'.repeat(500_000))
  expect(counts).toMatchObject({ read: 500_000, written: 500_000 })
})
