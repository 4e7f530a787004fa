import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { tableIn } from '../../scripts/docs-table.ts'
import { kindsTable } from '../../scripts/formats/kinds.ts'
import { formatsTable } from '../../scripts/formats/table.ts'

test('docs/formats.md lists the formats there are: npm run formats -- --write', () => {
  const page = readFileSync(new URL('../../docs/formats.md', import.meta.url), 'utf8')
  expect(tableIn(page, 'formats')).toBe(formatsTable())
})

test('docs/formats.md says what becomes of each kind of file: npm run formats -- --write', async () => {
  const page = readFileSync(new URL('../../docs/formats.md', import.meta.url), 'utf8')
  expect(tableIn(page, 'kinds')).toBe(await kindsTable())
})
