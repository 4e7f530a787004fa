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
  'api-gateway': 'api-gateway.log',
  journald: 'journald.log',
  'security-lake': 'security-lake.log',
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
  const paths = format.paths ?? []
  // Of several names for a column, the one that this log has.
  const isIts = ({ path, column }: (typeof paths)[number]) =>
    path in base || paths.filter((other) => other.column === column).length === 1
  const places = paths.filter(
    (one) => ['STRING', 'INT64'].includes(types.get(one.column) ?? '') && isIts(one),
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

test('cloudwatch-logs: each event of an envelope is a row of that event', async () => {
  const event = fc.record({
    id: fc.stringMatching(/^\d{8,20}$/),
    timestamp: fc.integer({ min: 1_600_000_000_000, max: 1_790_000_000_000 }),
    message: text,
  })
  const envelope = fc.record({
    logGroup: text,
    logStream: text,
    logEvents: fc.array(event, { minLength: 1, maxLength: 4 }),
  })
  await fc.assert(
    fc.asyncProperty(
      fc.array(envelope, { minLength: 1, maxLength: 3 }),
      fc.boolean(),
      async (envelopes, isSplit) => {
        const printed = envelopes.map((one) =>
          JSON.stringify({
            messageType: 'DATA_MESSAGE',
            owner: '123456789012',
            subscriptionFilters: ['all'],
            ...one,
          }),
        )
        const { rows } = await readObject(
          sourceOf({ format: 'cloudwatch-logs' }),
          printed.join(isSplit ? '\n' : ''),
        )
        const wanted = envelopes.flatMap(({ logGroup, logStream, logEvents }) =>
          logEvents.map(({ id, timestamp, message }) => ({
            log_group: logGroup,
            log_stream: logStream,
            id,
            event_time: String(timestamp * 1000),
            message,
          })),
        )
        expect(rows).toMatchObject(wanted)
      },
    ),
    { numRuns: 150 },
  )
})
