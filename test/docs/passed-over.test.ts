import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { notLogs } from '../../functions/finalize/passed-over.ts'

test('docs/formats.md lists what is passed over, and nothing else', () => {
  const page = readFileSync(new URL('../../docs/formats.md', import.meta.url), 'utf8')
  const section = page.split('## What is passed over')[1] ?? ''
  const rows = [...section.matchAll(/^\| (an? [^|]+) \|/gm)].map(([, what]) => what)
  expect(rows).toEqual(notLogs.map(({ what }) => what))
})
