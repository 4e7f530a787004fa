import { expect, test } from 'vitest'
import type { LogRow } from '../../functions/config/log-row.ts'
import { extendsLayout } from '../../functions/model/table.ts'
import { LearnedSchemas } from '../../functions/split/tables/learned-columns.ts'
import { readObject, sourceOf } from './read-object.ts'

const source = sourceOf({ format: 'json-lines', contract: 'evolve' })
const nullable = (name: string, type: string) => ({ name, type, mode: 'NULLABLE' })
const restOf = (row: Record<string, unknown> = {}) => JSON.parse(String(row['rest'] ?? '{}'))

/** The columns of a source that learned these fields. */
function taught(fields: Readonly<Record<string, unknown>>) {
  const learnedSchemas = new LearnedSchemas()
  const learned = learnedSchemas.of(source)
  if (!learned) throw new Error('the source evolves')
  for (const [name, value] of Object.entries(fields)) learned.columnFor(name, value)
  return { learnedSchemas, learned, types: () => typesOf(learnedSchemas) }
}

function typesOf(learnedSchemas: LearnedSchemas) {
  return Object.fromEntries(learnedSchemas.of(source)?.columns.map(({ name, type }) => [name, type]) ?? [])
}

test.each<[string, string, unknown]>([
  ['text', '"x"', 'x'],
  ['an integer', '42', '42'],
  ['an integer past 2^53', '9223372036854775807', '9223372036854775807'],
  ['a fraction', '0.5', 0.5],
  ['a large number', '1e300', 1e300],
  ['true', 'true', true],
  ['an object', '{"b":1}', '{"b":1}'],
  ['a list', '[1,null]', '[1,null]'],
])('a field first seen with %s has a column', async (_, value, cell) => {
  const { rows, shapeCounts } = await readObject(source, `{"a":null}\n{"a":${value}}\n{"a":null}\n`)
  expect(rows.map((row) => [row['a'], restOf(row)])).toEqual([
    [undefined, { a: null }],
    [cell, {}],
    [undefined, {}],
  ])
  expect(shapeCounts).toEqual({ extraRows: 0, misfits: 0, discarded: 0 })
})

test('a value that does not fit its column is in rest and counted, its row kept', async () => {
  const { rows, shapeCounts } = await readObject(source, '{"ms":1,"ok":true}\n{"ms":"slow","ok":false}\n')
  expect(rows.map((row) => [row['ms'], row['ok'], restOf(row)])).toEqual([
    ['1', true, {}],
    [undefined, false, { ms: 'slow' }],
  ])
  expect(shapeCounts.misfits).toBe(1)
})

test('a declared column stays as declared: what does not fit it is in rest, counted, and no column of its own', async () => {
  const declaring = { ...source, columns: { ms: 'INT64' } as const }
  const { rows, shapeCounts } = await readObject(declaring, '{"ms":"slow","other":1}\n{"ms":5,"other":"x"}\n')
  expect(rows.map((row) => [row['ms'], row['other'], restOf(row)])).toEqual([
    [undefined, '1', { ms: 'slow' }],
    ['5', undefined, { other: 'x' }],
  ])
  expect(shapeCounts).toEqual({ extraRows: 0, misfits: 2, discarded: 0 })
})

test('functions see learned fields in rest, and what map adds is learned', async () => {
  const seen: unknown[] = []
  const map = (row: LogRow) => {
    seen.push([row['ms'], row.rest['ms']])
    return { ...row, half: Number(row.rest['ms']) / 4 }
  }
  const { rows } = await readObject({ ...source, map }, '{"ms":1}\n{"ms":2}\n')
  expect(seen).toEqual([
    [undefined, 1],
    [undefined, 2],
  ])
  expect(rows.map((row) => [row['ms'], row['half'], row['rest']])).toEqual([
    ['1', 0.25, undefined],
    ['2', 0.5, undefined],
  ])
})

test('names that are no columns, or taken apart from case, stay in rest', async () => {
  const fields = {
    'a.b': 1,
    '1st': 2,
    _TABLE_x: 3,
    MESSAGE: 4,
    Source_URI: 5,
    constructor: 6,
    ['__proto__']: 7,
  }
  const { rows } = await readObject(source, `${JSON.stringify({ ...fields, Id: 8 })}\n{"id":9}\n{}\n`)
  const { rest, ...first } = rows[0] ?? {}
  expect(JSON.parse(String(rest))).toEqual(fields)
  expect(first).toMatchObject({ Id: '8' })
  expect(restOf(rows[1])).toEqual({ id: 9 })
  expect(Object.keys(rows[2] ?? {})).toEqual(['app', 'source_uri', 'source_etag', 'source_line', 'loaded_at'])
})

test('what FireLens wrapped has columns; what is beside it under such a name stays', async () => {
  const line = { log: JSON.stringify({ ms: 12, 'a.b': 1, bad: 'x' }), ms: 'outer', bad: 'outer' }
  const content = `{"bad":1}\n${JSON.stringify(line)}\n`
  const { rows, shapeCounts } = await readObject(source, content)
  expect(rows[1]?.['ms']).toBe('12')
  expect(restOf(rows[1])).toEqual({ log: { 'a.b': 1, bad: 'x' }, ms: 'outer', bad: 'outer' })
  expect(shapeCounts.misfits).toBe(2)
})

test('what is redacted is so in its column', async () => {
  const redacting = { ...source, redact: { user: 'mask', secret: 'drop' } as const }
  const { rows } = await readObject(redacting, '{"user":"ann@example.com","secret":1}\n')
  expect(String(rows[0]?.['user'])).not.toContain('ann')
  expect(JSON.stringify(rows)).not.toContain('secret')
})

test('layouts grow at their end, up to a cap', () => {
  const { learned } = taught({})
  const base = learned.layout
  learned.columnFor('first', 1)
  const longer = learned.layout
  for (let n = 0; n < 1000; n++) learned.columnFor(`field_${n}`, n)
  expect([longer.columns.length, learned.layout.columns.length]).toEqual([
    base.columns.length + 1,
    base.columns.length + 500,
  ])
  expect(extendsLayout(longer, base) && extendsLayout(learned.layout, longer)).toBe(true)
  expect(extendsLayout(base, longer)).toBe(false)
})

test('the type a table has counts: earlier rows are told apart, later ones are right', () => {
  const { learnedSchemas, learned, types } = taught({ a: 'text', b: 1 })
  const clashes = learnedSchemas.reconcile(learned.layout, [
    nullable('B', 'STRING'),
    nullable('c', 'FLOAT64'),
  ])
  expect(clashes).toMatchObject([{ name: 'b', type: 'INT64' }])
  expect(types()).toEqual({ a: 'STRING', b: 'STRING' })
  expect(learned.layout.columns.at(-1)).toMatchObject({ name: 'b', type: 'INT64' })
  // Not made in other tables before a row has it; then as it is there.
  expect(learnedSchemas.of(source)?.columnFor('c', 1)).toMatchObject({ type: 'FLOAT64' })
})

test('tables that differ, and types that rows do not have, leave a field in rest', () => {
  const { learnedSchemas, learned, types } = taught({ a: 1, day: 'x', list: 'x' })
  const repeated = { name: 'list', type: 'STRING', mode: 'REPEATED' }
  learnedSchemas.reconcile(learned.layout, [nullable('a', 'STRING'), nullable('day', 'DATE'), repeated])
  expect(types()).toEqual({ a: 'STRING' })
  learnedSchemas.reconcile(learned.layout, [nullable('a', 'INT64')])
  learnedSchemas.reconcile(learned.layout, [nullable('a', 'STRING')])
  expect(types()).toEqual({})
  expect(learnedSchemas.of(source)?.columnFor('a', 1)).toBeUndefined()
})
