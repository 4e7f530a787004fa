import fc from 'fast-check'
import { expect, test } from 'vitest'
import { overflowTableName, tableName } from '../../functions/split/tables/table-name.ts'

const source = { tables: 'web', split: 'tables' } as const

test.each([
  ['checkout', 'web_checkout'],
  ['my-app-2', 'web_my_app_2'],
  ['a'.repeat(100), `web_${'a'.repeat(100)}`],
])('%s has the table %s', (app, name) => expect(tableName(source, app)).toBe(name))

test.each(['My-App', 'my_app', 'my--app', '-a', 'a-', 'other', 'a/b', 'ö', '', ' ', 'a'.repeat(101)])(
  '%j has a hash in its table',
  (app) => expect(tableName(source, app)).toMatch(/^web_[a-z0-9_]{0,100}__[0-9a-f]{8}$/),
)

/** Names that look alike once made plain. */
const alike = fc.stringMatching(/^[aAbB01_\-./ é]{0,8}$/)

test('distinct apps never share a table, nor take the one for the rest', () => {
  fc.assert(
    fc.property(
      fc.uniqueArray(fc.oneof(alike, fc.string(), fc.constant('other')), { maxLength: 50 }),
      (apps) => {
        const names = apps.map((app) => tableName(source, app))
        expect(new Set(names).size).toBe(apps.length)
        expect(names).not.toContain(overflowTableName(source))
        for (const name of names) expect(name).toMatch(/^[a-z0-9_]{1,200}$/)
      },
    ),
    { numRuns: 1000 },
  )
})

test('nor do apps of distinct sources', () => {
  const sources = fc.uniqueArray(fc.stringMatching(/^[a-z][a-z0-9]{0,3}$/), { minLength: 2, maxLength: 2 })
  fc.assert(
    fc.property(
      sources,
      alike,
      alike,
      fc.constantFrom('tables', 'cluster'),
      ([one = '', other = ''], a, b, split) => {
        expect(tableName({ tables: one, split }, a)).not.toBe(
          tableName({ tables: other, split: 'tables' }, b),
        )
      },
    ),
  )
})
