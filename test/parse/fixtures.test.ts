import { readdirSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { type FormatName, formatNames, formats } from '../../functions/parse/formats.ts'
import { readable } from '../split/readable-object.ts'

/**
 * Every format's lines and what becomes of them: `<format>.log` or `<format>.<variant>.log`, and beside it
 * `<same>.expected.jsonl` with a line for each row as `preview` prints it, less what is the same for all, and for each
 * reject its class. What the lines do not tell (headers, comments, blank lines) has no line there.
 */
const folder = new URL('../fixtures/', import.meta.url)
const names = readdirSync(folder).flatMap((file) => (file.endsWith('.log') ? [file.slice(0, -4)] : []))

function formatOf(name: string): FormatName {
  const format = formatNames.find((known) => known === name.split('.')[0])
  if (!format) throw new Error(`${name}.log is named for no format`)
  return format
}

test.each(names)('%s', async (name) => {
  const content = readFileSync(new URL(`${name}.log`, folder))
  const expected = readFileSync(new URL(`${name}.expected.jsonl`, folder), 'utf8')
  // As printed: numbers a double cannot hold are printed whole, and rounded on both sides by reading them here.
  const outcome = JSON.parse(JSON.stringify(await readable(formatOf(name), content)))
  expect(outcome).toEqual(
    expected
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line)),
  )
})

test('every format has a fixture', () => {
  expect(new Set(names.map(formatOf))).toEqual(new Set(Object.keys(formats)))
})
