import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { formatsTable } from '../../scripts/formats/table.ts'
import { tableIn } from '../../scripts/readme-table.ts'

test('the README lists the formats there are: npm run formats -- --write', () => {
  const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8')
  expect(tableIn(readme, 'formats')).toBe(formatsTable())
})
