import { expect, test } from 'vitest'
import { objectRecord } from '../../functions/commit/record.ts'
import type { Source } from '../../functions/config/schema.ts'
import { anySource, readObject, sourceOf } from './read-object.ts'

const digest =
  '{"awsAccountId":"0","digestStartTime":"2026-11-20T10:15:00Z","digestS3Object":"d","logFiles":[]}'
const insight = `{"Records":[{"eventVersion":"1.08","eventTime":"2026-11-20T10:15:00Z","eventCategory":"Insight",
  "eventType":"AwsCloudTrailInsight","recipientAccountId":"000000000000","insightDetails":{"state":"Start"}}]}`
const control =
  '{"messageType":"CONTROL_MESSAGE","logGroup":"","logStream":"","logEvents":[{"id":"","timestamp":1,"message":"CWL"}]}'
const data =
  '{"messageType":"DATA_MESSAGE","logGroup":"g","logStream":"s","logEvents":[{"id":"1","timestamp":1,"message":"m"}]}'

const cases: readonly (readonly [string, Partial<Source>, string, object])[] = [
  ['a digest of CloudTrail', { format: 'cloudtrail' }, digest, { digest: 1 }],
  ['an insight of CloudTrail, an event like any', { format: 'cloudtrail' }, insight, {}],
  [
    'messages of CloudWatch Logs',
    { format: 'cloudwatch-logs' },
    control + data,
    { control_message: 2, envelope: 1 },
  ],
  ['the header of a flow log', { format: 'vpc-flow' }, 'version log-status\n2 OK\n', { header: 1 }],
  ['blank lines', { format: 'json-lines' }, '\n{}\n\n', { blank: 2 }],
  ['what the source filters', { format: 'json-lines', filter: () => false }, '{}\n{}\n', { filter: 2 }],
  ['what the source does not sample', { format: 'json-lines', sample: 0 }, '{}\n{}\n', { sample: 2 }],
]

test.each(cases)('why %s has no rows is counted', async (_, source, content, expected) => {
  const { counts, filteredBy, rejects } = await readObject({ ...anySource, ...source }, content)
  expect(rejects).toEqual([])
  expect(filteredBy).toEqual(expected)
  expect(counts.filtered).toBe(Object.values(expected).reduce((sum, count) => sum + count, 0))
})

test('the record of an object says why', () => {
  const counts = { read: 1, written: 0, filtered: 1, rejected: 0 }
  const record = objectRecord({
    notification: {
      messageId: '1',
      announced: { kind: 'unclear', reason: 'no_source', detail: '', landing: '' },
      publishedAt: 0,
      deadLettered: false,
    },
    outcome: { kind: 'committed', counts },
    source: sourceOf({ format: 'cloudtrail' }),
    read: {
      counts,
      filteredBy: new Map([['digest', 1]]),
      shapeCounts: { extraRows: 0, misfits: 0, discarded: 0 },
      rowsWithoutTime: 0,
      linesNotUtf8: 0,
      rowsByApp: new Map(),
      bytes: 10,
    },
    startedAt: 0,
    finishedAt: 0,
    revision: 'r',
  })
  expect(record).toMatchObject({ rows_filtered: 1, filtered_by: '{"digest":1}' })
})
