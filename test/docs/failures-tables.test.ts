import { globSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { failures } from '../../functions/model/failure-codes.ts'
import { tableIn } from '../../scripts/docs-table.ts'
import { failureTables } from '../../scripts/failures/tables.ts'

const root = new URL('../../', import.meta.url)

test.each(Object.entries(failureTables()))(
  'docs/failures.md has the table %s: npm run failures -- --write',
  (name, table) => {
    const page = readFileSync(new URL('docs/failures.md', root), 'utf8')
    expect(tableIn(page, name)).toBe(table)
  },
)

test('each failure is made with the kind that its table says', () => {
  const kinds = new Map<string, string>(Object.entries(failures).map(([code, { kind }]) => [code, kind]))
  const made = globSync('functions/**/*.ts', { cwd: root.pathname }).flatMap((file) => {
    const text = readFileSync(new URL(file, root), 'utf8')
    return [...text.matchAll(/[Ff]ailure\(\s*'(object|system)',(?:\s*[^,()]+,)?\s*'([a-z_]+)'/g)]
  })
  const ofCodes = made.filter(([, , code = '']) => kinds.has(code))
  const others = ofCodes.filter(([, kind, code = '']) => kinds.get(code) !== kind).map(([text]) => text)
  // The record of an object is no part of it: the table says so.
  expect(others).toEqual(["Failure('system', 'append', 'append_refused'"])
  expect(ofCodes.length).toBeGreaterThan(25)
})
