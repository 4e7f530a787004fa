import { expect, test } from 'vitest'
import type { Mapper } from '../../functions/config/log-row.ts'
import { Failure } from '../../functions/model/failure.ts'
import { readObject, sourceOf } from './read-object.ts'

const json = sourceOf({ format: 'json-lines' })
const linesOf = (...documents: unknown[]) => documents.map((one) => `${JSON.stringify(one)}\n`).join('')
const numbered = (count: number) => linesOf(...Array.from({ length: count }, (_, n) => ({ app: 'a', n })))
const lineNumbers = (rows: readonly Record<string, unknown>[]) =>
  rows.map((row) => Number(row['source_line']))

test.each<[string, unknown, { written: number; filtered: number; extraRows: number }]>([
  ['nothing', undefined, { written: 0, filtered: 1, extraRows: 0 }],
  ['null', null, { written: 0, filtered: 1, extraRows: 0 }],
  ['no rows', [], { written: 0, filtered: 1, extraRows: 0 }],
  ['a row', { message: 'm' }, { written: 1, filtered: 0, extraRows: 0 }],
  ['three rows', [{}, {}, {}], { written: 1, filtered: 0, extraRows: 2 }],
])('a map that gives %s', async (_, given, { written, filtered, extraRows }) => {
  const map = () => given as ReturnType<Mapper>
  const { counts, shapeCounts, rows } = await readObject({ ...json, map }, '{}\n')
  expect(counts).toEqual({ read: 1, written, filtered, rejected: 0 })
  expect(shapeCounts.extraRows).toBe(extraRows)
  expect(lineNumbers(rows)).toEqual(Array.from({ length: written + extraRows }, () => 1))
})

const garbage: readonly [string, unknown, RegExp][] = [
  ['a Promise', Promise.resolve({}), /^map gave a Promise \(functions must be synchronous\)/],
  ['text', 'row', /^map gave a string, not a row, a list of rows or nothing$/],
  ['a list with a hole', [{}, undefined], /^map gave undefined/],
  ['a list of lists', [[{}]], /^map gave a list/],
  ['an object of a class', new Date(0), /^map gave an object \(Date\)/],
  ['a row whose app is a number', { app: 7 }, /^map gave a row whose app is a number, not text$/],
  ['what JSON cannot say', { x: { y: 1n } }, /^the row cannot be written: .*BigInt/],
]
test.each(garbage)('a map that gives %s rejects the line', async (_, given, reason) => {
  const map: Mapper = (row) => (row.rest['n'] === 1 ? (given as ReturnType<Mapper>) : row)
  const { counts, rejects, rows } = await readObject({ ...json, map }, numbered(3))
  expect(counts).toEqual({ read: 3, written: 2, filtered: 0, rejected: 1 })
  expect(rejects).toMatchObject([
    {
      error_class: 'user_error',
      source_line: '2',
      raw_line: '{"app":"a","n":1}',
      reason: expect.stringMatching(reason),
    },
  ])
  expect(lineNumbers(rows)).toEqual([1, 3])
})

test('a function that throws rejects its line with the message, whatever it throws', async () => {
  const thrown = [new TypeError('no such trade'), 'text', Object.create(null), undefined, Symbol('s')]
  const filter = (row: { rest: Readonly<Record<string, unknown>> }) => {
    throw thrown[Number(row.rest['n'])]
  }
  const { rejects } = await readObject({ ...json, filter }, numbered(thrown.length))
  expect(rejects.map((reject) => reject['reason'])).toEqual([
    'filter threw: TypeError: no such trade',
    'filter threw: text',
    'filter threw: an object (no class)',
    'filter threw: undefined',
    'filter threw: a symbol',
  ])
})

test('a filter that gives neither true nor false rejects the line', async () => {
  const filter = () => undefined as unknown as boolean
  const { rejects } = await readObject({ ...json, filter }, '{}\n')
  expect(rejects).toMatchObject([{ reason: 'filter gave undefined, not true or false' }])
})

test('the app comes from a function of the row, or else is the default', async () => {
  const app = ({ rest }: { rest: Readonly<Record<string, unknown>> }) => rest['team'] as string | undefined
  const content = linesOf({ team: 'pay' }, {}, { team: '' }, { team: 'web' }, { team: 7 })
  const { rowsByApp, tables, rejects } = await readObject({ ...json, app }, content)
  expect(rowsByApp).toEqual({ pay: 1, unknown: 2, web: 1 })
  expect(Object.keys(tables)).toContain('logs.web_pay')
  expect(rejects).toMatchObject([{ reason: 'app gave a number, not text' }])
})

test('the rows map makes of a line go to the tables of the apps it names', async () => {
  const map: Mapper = (row) => ['x', 'y'].map((app) => ({ ...row, app, message: `of ${app}` }))
  const { tables, rowsByApp } = await readObject({ ...json, map }, numbered(2))
  expect(rowsByApp).toEqual({ x: 2, y: 2 })
  expect(tables['logs.web_y']).toMatchObject([
    { app: 'y', message: 'of y', source_line: '1' },
    { app: 'y', message: 'of y', source_line: '2' },
  ])
})

const forever = () => {
  for (;;);
}
const stubborn = () => {
  for (;;) {
    try {
      forever()
    } catch {
      // As a function may that wants to go on whatever happens.
    }
  }
}
test.each([
  ['a loop', forever],
  ['a loop that catches everything', stubborn],
  ['a regular expression', () => /^(a+)+$/.test(`${'a'.repeat(40)}b`)],
])('%s that never ends is cut off: its line is rejected, the others load', async (_, hang) => {
  const map: Mapper = (row) => {
    if (row.rest['n'] === 1500) hang()
    return row
  }
  const { counts, rejects, rows } = await readObject({ ...json, map }, numbered(2500))
  expect(counts).toEqual({ read: 2500, written: 2499, filtered: 0, rejected: 1 })
  expect(rejects).toMatchObject([
    { error_class: 'user_error', source_line: '1501', reason: expect.stringContaining('cut off') },
  ])
  expect(lineNumbers(rows)).toEqual(Array.from({ length: 2500 }, (_, n) => n + 1).filter((n) => n !== 1501))
})

test('functions that are slow together but not alone are no fault', async () => {
  const filter = () => {
    const end = performance.now() + 30
    while (performance.now() < end);
    return true
  }
  const { counts } = await readObject({ ...json, filter }, numbered(80))
  expect(counts).toEqual({ read: 80, written: 80, filtered: 0, rejected: 0 })
})

test('an object whose functions never return fails before it holds everything up', async () => {
  const filter = () => {
    forever()
    return true
  }
  const reading = readObject({ ...json, filter }, numbered(1000))
  await expect(reading).rejects.toThrow(Failure)
  await expect(reading).rejects.toMatchObject({ kind: 'object', stage: 'split', code: 'functions_stuck' })
})
