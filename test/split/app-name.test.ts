import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Source } from '../../functions/config/schema.ts'
import { appName } from '../../functions/model/app-name.ts'
import { readObject, sourceOf } from './read-object.ts'

const long = 'a'.repeat(110_000)
const json = sourceOf({ format: 'json-lines' })
const jsonOf = (app: string) => JSON.stringify({ app, message: 'hello' })

test.each(['', 'a', 'a'.repeat(200), '😀'.repeat(100)])('a name of up to 200 stays: %j', (name) =>
  expect(appName(name)).toBe(name),
)

test('a longer one is cut, ends in its hash, and is not cut again', () => {
  expect(appName('a'.repeat(201))).toBe(`${'a'.repeat(191)}~a92efd82`)
  expect(appName(appName(long))).toBe(appName(long))
})

test('never within a character, and never the same for two', () => {
  const names = fc.string({ unit: 'binary', minLength: 150, maxLength: 300 })
  fc.assert(
    fc.property(names, fc.nat(9), (name, tail) => {
      const capped = appName(name)
      expect(capped.isWellFormed()).toBe(true)
      expect(capped.length).toBeLessThanOrEqual(200)
      expect(capped.length).toBeGreaterThanOrEqual(Math.min(name.length, 199))
      const other = `${name}${tail}`
      if (other.length > 200) expect(appName(other)).not.toBe(capped)
    }),
  )
})

describe('a row has its app by the name it may have', () => {
  const cases: [string, Partial<Source>, string][] = [
    ['the format finds', {}, jsonOf(long)],
    ['a filtered source finds', { filter: () => true }, jsonOf(long)],
    ['an expression finds', { app: { field: 'app', match: /a+/ } }, jsonOf(`-${long}-`)],
    ['a function gives', { app: ({ message }) => (message ? long : undefined) }, jsonOf('x')],
    ['map gives', { map: (row) => ({ ...row, app: long }) }, jsonOf('x')],
  ]
  test.each(cases)('%s', async (_, how, line) => {
    const { rows, tables, rowsByApp, rejects } = await readObject({ ...json, ...how }, `${line}\n${line}\n`)
    expect(rejects).toEqual([])
    const name = appName(long)
    expect(rows.map(({ app }) => app)).toEqual([name, name])
    expect(rowsByApp).toEqual({ [name]: 2 })
    expect(Object.keys(tables)).toEqual([expect.stringMatching(/^logs\.web_a{100}__[0-9a-f]{8}$/)])
  })

  test('the key gives', async () => {
    const key = `logs/${long.slice(0, 900)}/x.log`
    const { rows } = await readObject({ ...json, app: { key: /a+/ } }, jsonOf('x'), { key })
    expect(rows).toMatchObject([{ app: appName(long.slice(0, 900)) }])
  })
})

test('apps that begin alike have tables of their own, and functions see the names rows have', async () => {
  const names = [`${long}1`, `${long}2`]
  const seen = new Set<string>()
  const filter = ({ app }: { app: string }) => Boolean(seen.add(app))
  const { tables, rowsByApp } = await readObject({ ...json, filter }, names.map(jsonOf).join('\n'))
  expect(Object.keys(tables).length).toBe(2)
  expect(Object.keys(rowsByApp)).toEqual(names.map(appName))
  expect([...seen]).toEqual(names.map(appName))
})
