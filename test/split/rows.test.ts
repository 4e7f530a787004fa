import { readdirSync, readFileSync } from 'node:fs'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { ColumnType } from '../../functions/model/column.ts'
import { formatNames } from '../../functions/parse/formats.ts'
import { readObject, sourceOf } from './read-object.ts'

const json = sourceOf({ format: 'json-lines' })
const line = (document: unknown) => `${JSON.stringify(document)}\n`
const folder = new URL('../fixtures/', import.meta.url)
const fixtures = readdirSync(folder).filter((file) => file.endsWith('.log'))

/** The order of names in JSON is no difference, nor the way a number is written. */
function withJsonParsed(rows: readonly Record<string, unknown>[]) {
  const parsed = (cell: unknown) => (/^[[{].*[\]}]$/s.test(String(cell)) ? parsedOr(cell) : cell)
  return rows.map((row) =>
    Object.fromEntries(Object.entries(row).map(([name, cell]) => [name, parsed(cell)])),
  )
}

function parsedOr(cell: unknown): unknown {
  try {
    return JSON.parse(String(cell))
  } catch {
    // Text that only looks like JSON.
    return cell
  }
}

test.each(fixtures)('the rows of %s are the same whether functions looked at them or not', async (file) => {
  const format = formatNames.find((name) => name === file.split('.')[0]) ?? 'text'
  const content = readFileSync(new URL(file, folder))
  const direct = await readObject(sourceOf({ format }), content)
  const shaped = await readObject(sourceOf({ format, map: (row) => ({ ...row }) }), content)
  expect(direct.rows.length).toBeGreaterThan(0)
  expect(withJsonParsed(shaped.rows)).toEqual(withJsonParsed(direct.rows))
  expect([shaped.rejects, shaped.counts, shaped.rowsByApp]).toEqual([
    direct.rejects,
    direct.counts,
    direct.rowsByApp,
  ])
  expect(shaped.shapeCounts).toEqual({ extraRows: 0, misfits: 0, discarded: 0 })
})

test('so are those of any JSON', async () => {
  const documents = fc.array(fc.dictionary(fc.string(), fc.jsonValue()), { maxLength: 5 })
  await fc.assert(
    fc.asyncProperty(documents, async (some) => {
      const content = some.map(line).join('')
      const direct = await readObject(json, content)
      const shaped = await readObject({ ...json, filter: () => true }, content)
      expect(withJsonParsed(shaped.rows)).toEqual(withJsonParsed(direct.rows))
      expect(shaped.counts).toEqual(direct.counts)
    }),
    { numRuns: 200 },
  )
})

/** Of a declared type, a value and the cell it becomes; without a cell, it does not fit. */
test.each<[ColumnType, string, unknown]>([
  ['STRING', '"x"', 'x'],
  ['STRING', '12', '12'],
  ['STRING', 'true', 'true'],
  ['STRING', '{"a":1}', undefined],
  ['INT64', '-7', '-7'],
  ['INT64', '"42"', '42'],
  ['INT64', '9223372036854775807', '9223372036854775807'],
  ['INT64', '9223372036854775808', undefined],
  ['INT64', '1.5', undefined],
  ['INT64', '"abc"', undefined],
  ['INT64', '""', undefined],
  ['INT64', '[1]', undefined],
  ['FLOAT64', '1.5', 1.5],
  ['FLOAT64', '2', 2],
  ['FLOAT64', '"0.25"', 0.25],
  ['FLOAT64', 'true', undefined],
  ['BOOL', 'true', true],
  ['BOOL', '"False"', false],
  ['BOOL', '1', undefined],
  ['TIMESTAMP', '"2026-11-20T10:15:00.123456Z"', '1795169700123456'],
  ['TIMESTAMP', '1795169700', '1795169700000000'],
  ['TIMESTAMP', '1795169700123', '1795169700123000'],
  ['TIMESTAMP', '"1795169700"', '1795169700000000'],
  ['TIMESTAMP', '"soon"', undefined],
  ['TIMESTAMP', '12', undefined],
  ['JSON', '{"a":[1,null]}', '{"a":[1,null]}'],
  ['JSON', '"text"', '"text"'],
  ['JSON', '12345678901234567890', '12345678901234567890'],
])('a field declared %s that holds %s', async (type, value, cell) => {
  const { rows, shapeCounts } = await readObject({ ...json, columns: { v: type } }, `{"v":${value}}\n`)
  expect(rows[0]?.['v']).toBe(cell)
  expect(rows[0]?.['rest']).toBe(cell === undefined ? `{"v":${value}}` : undefined)
  expect(shapeCounts.misfits).toBe(cell === undefined ? 1 : 0)
})

test('a field of what FireLens wrapped has its declared column too', async () => {
  const content = line({ log: JSON.stringify({ ms: 12, bad: 'x', other: 1 }), container_name: 'c' })
  const { rows } = await readObject({ ...json, columns: { ms: 'INT64', bad: 'INT64' } }, content)
  expect(rows[0]?.['ms']).toBe('12')
  expect(JSON.parse(String(rows[0]?.['rest']))).toEqual({ bad: 'x', log: { other: 1 } })
})

test('of two fields of a name, one in what FireLens wrapped, neither is lost', async () => {
  const content = ['bad', 5].map((ms) => line({ log: JSON.stringify({ ms }), ms: 'outer' })).join('')
  const { rows, shapeCounts } = await readObject({ ...json, columns: { ms: 'INT64' } }, content)
  expect(rows.map((row) => [row['ms'], JSON.parse(String(row['rest']))])).toEqual([
    [undefined, { log: { ms: 'bad' }, ms: 'outer' }],
    ['5', { ms: 'outer' }],
  ])
  expect(shapeCounts.misfits).toBe(1)
})

test('a contract that discards drops what has no column, and keeps what did not fit', async () => {
  const source = { ...json, columns: { ms: 'INT64' } as const }
  const content = line({ ms: 'slow', message: 'm', one: 1, two: 2 })
  const restOf = (row: Record<string, unknown> = {}) => JSON.parse(String(row['rest']))
  const kept = await readObject({ ...source, contract: 'keep' }, content)
  expect(restOf(kept.rows[0])).toEqual({ one: 1, two: 2, ms: 'slow' })
  const discarded = await readObject({ ...source, contract: 'discard' }, content)
  expect(discarded.rows[0]?.['message']).toBe('m')
  expect(restOf(discarded.rows[0])).toEqual({ ms: 'slow' })
  expect(discarded.shapeCounts).toEqual({ extraRows: 0, misfits: 1, discarded: 2 })
})

test('what a map gives is held to the columns; all else is in rest', async () => {
  const map = () => ({
    message: 7,
    level: ['no', 'text'],
    ms: 2n ** 60n,
    at: new Date(1_795_169_700_123),
    event_time: '1066-10-14T09:00:00Z',
    source_line: 99,
    new_field: { a: 1 },
    large: 2n ** 62n + 1n,
    nothing: undefined,
    rest: { kept: true },
  })
  const source = { ...json, columns: { ms: 'INT64', at: 'TIMESTAMP' } as const, map }
  const { rows, shapeCounts } = await readObject(source, '\n{}\n')
  const { rest, ...row } = rows[0] ?? {}
  expect(row).toMatchObject({
    message: '7',
    ms: '1152921504606846976',
    at: '1795169700123000',
    source_line: '2',
  })
  expect(row).not.toHaveProperty('event_time')
  expect(String(rest)).toContain('"large":4611686018427387905')
  expect(JSON.parse(String(rest))).toMatchObject({
    kept: true,
    new_field: { a: 1 },
    source_line: 99,
    level: ['no', 'text'],
    event_time: '1066-10-14T09:00:00Z',
  })
  expect(shapeCounts).toEqual({ extraRows: 0, misfits: 2, discarded: 0 })
})

test('a field that map gives beside rest and within it is never lost: the line is rejected', async () => {
  const source = sourceOf({ format: 'json-lines', columns: { ms: 'INT64' } })
  const given: Record<string, unknown>[] = [
    { user: 'new', rest: { user: 'old' } },
    { rest: { user: 'old' }, user: 'new' },
    { rest: { ms: 1 }, ms: 'slow' },
    { rest: { ms: 'slow', user: 'old' }, ms: 1, user: 'old' },
    { rest: { app: 'x', user: null }, app: 'a', user: null },
    { rest: 'text', ms: 2 },
  ]
  const map = (row: { rest: Readonly<Record<string, unknown>> }) => given[Number(row.rest['n'])]
  const { rows, rejects } = await readObject({ ...source, map }, given.map((_, n) => line({ n })).join(''))
  expect(rejects.map(({ error_class, reason }) => [error_class, reason])).toEqual(
    ['user', 'user', 'ms'].map((name) => [
      'user_error',
      `map gave ${name} twice, beside rest and within it, and no column takes it: give it once, such as { ...row, rest: { ...row.rest, ${name} } }`,
    ]),
  )
  expect(rows.map((row) => [row['ms'], JSON.parse(String(row['rest']))])).toEqual([
    ['1', { ms: 'slow', user: 'old' }],
    [undefined, { app: 'x', user: null }],
    ['2', { rest: 'text' }],
  ])
})

test('a row that map makes too large rejects its line', async () => {
  const map = () => [{}, { message: 'x'.repeat(9_000_000) }]
  const { counts, rejects } = await readObject({ ...json, map }, '{}\n')
  expect(counts).toEqual({ read: 1, written: 0, filtered: 0, rejected: 1 })
  expect(rejects).toMatchObject([{ error_class: 'row_too_large' }])
})

test.each([
  ['client_ip', '192.0.2.1'],
  ['client_port', '40000'],
  ['request_verb', 'GET'],
  ['elb', 'app/shop/0a1b'],
])('any column of a load balancer can name the app: %s', async (field, app) => {
  const content =
    'http 2026-11-20T10:15:00.000000Z app/shop/0a1b 192.0.2.1:40000 - -1 -1 -1 200 - 1 2 ' +
    '"GET http://example.com:80/ HTTP/1.1" "curl" - - - "Root=1"\n'
  const source = sourceOf({ format: 'alb', app: { field } })
  for (const one of [source, { ...source, filter: () => true }]) {
    const { rows } = await readObject(one, content)
    expect(rows.map((row) => row['app'])).toEqual([app])
  }
})
