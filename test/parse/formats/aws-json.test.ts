import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type FormatName, formats } from '../../../functions/parse/formats.ts'
import { readObject, sourceOf } from '../../split/read-object.ts'

/** Logs whose records are JSON, and a file with one of their records a line. */
const files: Partial<Record<FormatName, string>> = {
  waf: 'waf.log',
  'vpc-lattice': 'vpc-lattice.log',
  'route53-resolver': 'route53-resolver.log',
  'network-firewall': 'network-firewall.log',
  cloudtrail: 'cloudtrail.events.log',
  guardduty: 'guardduty.log',
  'kubernetes-audit': 'kubernetes-audit.log',
}

const text = fc
  .string({ unit: fc.constantFrom('a', 'é', '"', '\\', '\n', '{', ',', ' '), minLength: 1, maxLength: 6 })
  .map((value) => `x${value}`)
const number = fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER })

function firstRecord(file: string, path: string): object {
  const lines = readFileSync(new URL(`../../fixtures/${file}`, import.meta.url), 'utf8').split('\n')
  for (const line of lines) {
    try {
      const record = JSON.parse(line)
      if (path in record) return record
    } catch {
      // Fixtures have broken lines, too.
    }
  }
  throw new Error(`${file} has no record of one line`)
}

/** Sets what a path leads to; false where a value that is no object is in the way. */
function set(record: Record<string, unknown>, path: string, value: unknown): boolean {
  const [first = '', ...rest] = path.split('.')
  if (rest.length === 0) {
    record[first] = value
    return true
  }
  record[first] ??= {}
  const inner = record[first]
  if (typeof inner !== 'object' || inner === null) return false
  return set(inner as Record<string, unknown>, rest.join('.'), value)
}

test.each(Object.entries(files))('%s: values are in the columns of their fields', async (name, file) => {
  const format = formats[name as FormatName]
  // Not one in an envelope.
  const base = firstRecord(file, format.paths?.[0]?.path.split('.')[0] ?? '')
  const types = new Map(format.columns.map(({ name, type, mode }) => [name, mode ? '' : type]))
  const places = (format.paths ?? []).filter(({ column }) =>
    ['STRING', 'INT64'].includes(types.get(column) ?? ''),
  )
  expect(places.length).toBeGreaterThan(5)
  const changes = fc.array(fc.tuple(fc.constantFrom(...places), text, number), { minLength: 1, maxLength: 5 })
  await fc.assert(
    fc.asyncProperty(changes, async (changes) => {
      const record = structuredClone(base) as Record<string, unknown>
      const wanted: Record<string, string> = {}
      for (const [{ path, column }, words, integer] of changes) {
        const value = types.get(column) === 'INT64' ? integer : words
        if (set(record, path, value)) wanted[column] = String(value)
      }
      const { rows, rejects } = await readObject(
        sourceOf({ format: name as FormatName }),
        `${JSON.stringify(record)}\n`,
      )
      expect(rejects.map(({ reason }) => reason)).toEqual([])
      expect(rows).toMatchObject([wanted])
    }),
    { numRuns: 150 },
  )
})
