import { readFile } from 'node:fs/promises'
import { expect, test } from 'vitest'
import { causes } from '../../scripts/operations/reconcile/judge.ts'

test('docs/repair.md lists the causes that reconcile names, in their order', async () => {
  const page = await readFile(new URL('../../docs/repair.md', import.meta.url), 'utf8')
  const table = page.slice(page.indexOf('| cause |'), page.indexOf('`--from` and `--to`'))
  const rows = [...table.matchAll(/^\| `(\w+)` \| ([^|]+) \|/gm)].map(([, cause, means = '']) => [
    cause,
    means,
  ])
  expect(rows).toEqual(Object.entries(causes))
})
