import { expect, test } from 'vitest'
import { cloudTransferLog } from '../../scripts/operations/evidence/transfer-log.ts'

/** An entry as https://docs.cloud.google.com/storage-transfer/docs/read-transfer-logs has them. */
const entry = (objectKey: string, status: object) => ({
  logName: 'projects/example-project/logs/storagetransfer.googleapis.com%2Ftransfer_activity',
  timestamp: '2026-11-27T08:00:00.5Z',
  resource: { type: 'storage_transfer_job', labels: { project_id: 'example-project', job_id: '1' } },
  jsonPayload: {
    '@type': 'type.googleapis.com/google.storage.transfer.logging.TransferActivityLog',
    action: 'COPY',
    destinationObject: { type: 'GCS', gcsObject: { bucket: 'example-landing', objectKey } },
    status,
  },
})

test('what was copied, what failed and what was gone, page by page', async () => {
  const pages = [
    {
      entries: [
        entry('s3/example-logs/a b.log', { statusCode: 'OK' }),
        entry('s3/lane=slow/example-logs/b.log', {
          statusCode: 'PERMISSION_DENIED',
          errorType: 'PERMISSION_DENIED',
        }),
      ],
      nextPageToken: 'second',
    },
    // A page may be empty, and have another behind it.
    { nextPageToken: 'third' },
    {
      entries: [entry('s3/example-logs/c.log', { errorType: 'NOT_FOUND', statusCode: 'NOT_FOUND' })],
      nextPageToken: 'last',
    },
    { entries: [entry('elsewhere', { statusCode: 'OK' }), { textPayload: 'of another kind' }] },
  ]
  const asked: { pageToken?: string; filter: string }[] = []
  const request = async ({ data }: { data?: unknown }) => {
    asked.push(data as (typeof asked)[number])
    return { data: pages[asked.length - 1] }
  }
  const log = cloudTransferLog({ request } as never, 'example-project', 'example-landing')
  const found = await Array.fromAsync(log(Date.parse('2026-11-27T00:00:00Z')))
  expect(found).toEqual(
    [
      ['a b.log', 'copied'],
      ['b.log', 'failed'],
      ['c.log', 'gone'],
    ].map(([key, outcome]) => ({
      bucket: 'example-logs',
      key,
      evidence: { of: 'transfer', outcome, at: Date.parse('2026-11-27T08:00:00.5Z') },
    })),
  )
  expect(asked.map(({ pageToken }) => pageToken)).toEqual([undefined, 'second', 'third', 'last'])
  expect(asked[0]?.filter).toContain('timestamp>="2026-11-27T00:00:00.000Z"')
})
