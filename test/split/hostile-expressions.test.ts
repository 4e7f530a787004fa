/** Expressions of the user's on lines and keys of anyone's. */
import { expect, test } from 'vitest'
import { Failure } from '../../functions/model/failure.ts'
import { readObject, sourceOf } from './read-object.ts'

const endless = /^(a+)+$/
const hostile = `${'a'.repeat(100_000)}b`
const cutOff = expect.stringMatching(/did not return within 1000 ms and was cut off$/)
const json = (app: string) => `${JSON.stringify({ app, n: 1 })}\n`
const numbersOf = (rows: readonly Record<string, unknown>[]) => rows.map((row) => Number(row['source_line']))

test.each([
  ['alone', {}],
  ['before functions', { filter: () => true }],
])('a pattern that never ends is cut off, %s: its line is rejected, the others load', async (_, more) => {
  const source = sourceOf({ format: 'text', pattern: endless, ...more })
  const { counts, rows, rejects } = await readObject(source, `aaa\n${hostile}\r\nno\n\naaaa\r\n`)
  expect(counts).toEqual({ read: 5, written: 2, filtered: 1, rejected: 2 })
  expect(rejects).toMatchObject([
    { error_class: 'user_error', source_line: '2', reason: cutOff },
    { error_class: 'malformed', source_line: '3' },
  ])
  expect(rows.map((row) => row['message'])).toEqual(['aaa', 'aaaa'])
})

test.each([
  ['alone', {}],
  ['before functions', { filter: () => true }],
])('so is a match for the app, %s', async (_, more) => {
  const app = { field: 'app', match: endless }
  const content = ['aa', hostile, 'b', 'aa'].map(json).join('')
  const { rows, rejects, rowsByApp } = await readObject(
    sourceOf({ format: 'json-lines', app, ...more }),
    content,
  )
  expect(rejects).toMatchObject([{ error_class: 'user_error', source_line: '2', reason: cutOff }])
  expect(rows.map((row) => row['app'])).toEqual(['aa', 'b', 'aa'])
  expect(rowsByApp).toEqual({ aa: 2, b: 1 })
})

test('one on the key fails the object', async () => {
  const source = sourceOf({ format: 'json-lines', app: { key: endless } })
  const reading = readObject(source, json('x'), { key: `${'a'.repeat(100)}/` })
  await expect(reading).rejects.toMatchObject({
    kind: 'object',
    code: 'functions_stuck',
    message: expect.stringMatching(/^the expression of app\.key did not return within 1000 ms/),
  })
})

test('an object whose lines all hold up the pattern fails before it holds everything up', async () => {
  const lines = Array.from({ length: 20 }, (_, n) => `${n}\n${hostile}${n}\n`)
  const reading = readObject(sourceOf({ format: 'text', pattern: endless }), lines.join(''))
  await expect(reading).rejects.toThrow(Failure)
  await expect(reading).rejects.toMatchObject({ kind: 'object', stage: 'parse', code: 'functions_stuck' })
  await expect(reading).rejects.toThrow(/on 5 lines, the last of them line 10: mend it and replay the object/)
})

test('what an expression finds is the same however lines are cut, ended and watched', async () => {
  const lines = Array.from(
    { length: 3000 },
    (_, n) => [`level=${n % 7} é ${n}`, '', 'none', '\xff'][n % 4] ?? '',
  )
  const content = Buffer.from(`\ufeff${lines.join('\r\n')}`)
  const pattern = /\ufeff?level=(?<level>\d) (?<message>.*)/
  const whole = await readObject(sourceOf({ format: 'text', pattern }), content)
  expect(whole.counts).toEqual({ read: 3000, written: 750, filtered: 750, rejected: 1500 })
  expect(numbersOf(whole.rows).slice(0, 2)).toEqual([1, 5])
  for (const sizes of [[100], [1, 7, 1000]])
    expect(await readObject(sourceOf({ format: 'text', pattern }), content, { sizes })).toEqual(whole)
})

test('rows whose app a match finds are those of any other source', async () => {
  const content = Array.from({ length: 2500 }, (_, n) => json(`team-${n % 3}/${n}`)).join('')
  const app = { field: 'app', match: /^team-(\d)/ }
  const matched = await readObject(sourceOf({ format: 'json-lines', app }), content)
  const mapped = await readObject(
    sourceOf({ format: 'json-lines', app, map: (row) => ({ ...row }) }),
    content,
  )
  expect(matched).toEqual(mapped)
  expect(matched.rowsByApp).toEqual({ 0: 834, 1: 833, 2: 833 })
  expect(numbersOf(matched.tables['logs.web_1'] ?? []).slice(0, 3)).toEqual([2, 5, 8])
})

test.each([
  ['a pattern', sourceOf({ format: 'text', pattern: /\{.*"app":"(?<app>[^"]*)".*/ })],
  ['a match', sourceOf({ format: 'json-lines', app: { field: 'app', match: /^(.)/ } })],
])('%s does not take the time to watch it on each of many lines', async (_, source) => {
  const content = Array.from({ length: 60_000 }, (_, n) => json(`x${n}`).replace('\n', '\r\n')).join('')
  const start = performance.now()
  expect((await readObject({ ...source, split: 'cluster' }, content)).counts.written).toBe(60_000)
  // Less than one on an idle machine; ten if each line were watched alone.
  expect(performance.now() - start).toBeLessThan(5000)
})
