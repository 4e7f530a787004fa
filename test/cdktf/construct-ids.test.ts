import fc from 'fast-check'
import { expect, test } from 'vitest'
import { all, everything, type Stack, synthesise } from './synthesised.ts'

/** Names that differ in what an id cannot hold, or begin as another does. */
const bucket = fc
  .tuple(fc.constantFrom('mylogs', 'my-logs', 'my.logs', 'm.ylogs'), fc.constantFrom('', '-owner', '.policy'))
  .map((parts) => parts.join(''))
/** Some of them mean something to the bridge itself. */
const source = fc.constantFrom('rejects', 'objectlog', 'objects', 'load', 'push', 'account', 'alb', 'logs')
const lane = fc.constantFrom('account', 'push', 'writes', 'bulk')
const bridges = fc.record({
  sources: fc.uniqueArray(fc.tuple(source, bucket, fc.boolean()), {
    minLength: 1,
    maxLength: 6,
    selector: ([name]) => name,
  }),
  lanes: fc.uniqueArray(lane),
})

function count(stack: Stack, type: string): number {
  return Object.keys(all(stack, type)).length
}

test('as many resources are made as are wanted, whatever the names', { timeout: 120_000 }, () => {
  fc.assert(
    fc.property(bridges, ({ sources, lanes }) => {
      const { aws, google } = synthesise({
        ...everything,
        environments: {},
        google: { ...everything.google, lanes: Object.fromEntries(lanes.map((name) => [name, {}])) },
        sources: Object.fromEntries(
          sources.map(([name, bucket, clustered]) => {
            const split = clustered ? ('cluster' as const) : ('tables' as const)
            return [name, { bucket, prefix: `${name}/`, format: 'json-lines', makeBucket: true, split }]
          }),
        ),
      })
      const buckets = new Set(sources.map(([, name]) => name)).size
      for (const type of ['', '_ownership_controls', '_policy', '_notification', '_public_access_block'])
        expect(count(aws, `aws_s3_bucket${type}`), type).toBe(buckets)
      expect(count(aws, 'aws_sqs_queue')).toBe(2 * sources.length)
      expect(count(aws, 'aws_iam_role')).toBe(sources.length)
      expect(count(google, 'google_storage_transfer_job')).toBe(sources.length)
      expect(count(google, 'google_logging_metric')).toBe(3 * sources.length)
      const clustered = sources.filter(([, , one]) => one).length
      expect(count(google, 'google_bigquery_table')).toBe(3 + clustered)
      expect(count(google, 'google_cloudfunctions2_function')).toBe(1 + lanes.length)
    }),
    { numRuns: 25, seed: 20_261_127 },
  )
})

test('a name that an id can hold is the id, so what was made under it stays', () => {
  const { aws } = synthesise(everything)
  expect(Object.keys(all(aws, 'aws_s3_bucket'))).toEqual(['bucket-example-alb'])
})
