import { readdirSync, readFileSync } from 'node:fs'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { nullWriter } from '../../functions/parse/detecting/null-writer.ts'
import { type FormatName, formats } from '../../functions/parse/formats.ts'
import { now } from '../split/read-object.ts'
import { readCounted } from '../split/readable-object.ts'

const folder = new URL('../fixtures/', import.meta.url)
const fixtures = readdirSync(folder).filter((file) => file.endsWith('.log'))
const formatOf = (file: string) => file.split('.')[0] as FormatName
const contentOf = (file: string) => readFileSync(new URL(file, folder))

const change = fc.record({
  at: fc.nat(),
  byte: fc.oneof(fc.constantFrom(...Buffer.from(' "\n-\r:\t,[]{}#=\\')), fc.nat(255)),
})

test.each(fixtures)('changed bytes in %s never throw and never lose a line', async (file) => {
  await fc.assert(
    fc.asyncProperty(fc.array(change, { minLength: 1, maxLength: 6 }), async (changes) => {
      const bytes = contentOf(file)
      for (const { at, byte } of changes) bytes[at % bytes.length] = byte
      const { counts, outcomes } = await readCounted(formatOf(file), bytes)
      expect(counts.written + counts.rejected).toBe(outcomes.length)
      expect(counts.read).toBe(counts.written + counts.rejected + counts.filtered)
      if (formats[formatOf(file)].blocks === undefined)
        expect(counts.read).toBe(
          bytes.filter((byte) => byte === 0x0a).length + (bytes.at(-1) === 0x0a ? 0 : 1),
        )
    }),
    { numRuns: 100 },
  )
})

const pieces = [
  '" ',
  ' "x',
  ' ',
  '- ',
  '[',
  ' [',
  ']',
  '1',
  '1.',
  ',',
  '","',
  '\t',
  '\\"',
  ':',
  '#',
  '<1>',
  '{"a":',
]

/** Their parsers get what their cutters made of lines: see joined-lines.test.ts. */
const cut = ['cri.log', 'docker.log', 'cloudwatch-export.log']

test.each(fixtures.filter((file) => !cut.includes(file)))(
  'a megabyte of anything anywhere in a line of %s is no work',
  (file) => {
    const lines = contentOf(file).toString('latin1').split(/\r?\n/)
    const parser = formats[formatOf(file)].parser(['app'], { now })
    const line = lines.find((text) => parse(parser, text).kind === 'row') ?? ''
    expect(line).not.toBe('')
    for (const piece of pieces) {
      const body = piece.repeat(1_000_000 / piece.length)
      for (const part of [0, 0.3, 0.6, 1]) {
        const cut = Math.trunc(line.length * part)
        const start = performance.now()
        parse(parser, `${line.slice(0, cut)}${body}${line.slice(cut)}`)
        // Some milliseconds; anything quadratic takes minutes.
        expect(performance.now() - start).toBeLessThan(3000)
      }
    }
  },
)

function parse(parser: ReturnType<(typeof formats)['alb']['parser']>, line: string) {
  const bytes = Buffer.from(line, 'latin1')
  return parser(bytes, 0, bytes.length, nullWriter)
}
