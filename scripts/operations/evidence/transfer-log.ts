import type { GoogleAuth } from 'google-auth-library'
import { z } from 'zod'
import { parseLandingName } from '../../../functions/model/landing-name.ts'
import { readCopyLog } from '../../local/transfer/copy-log.ts'
import type { Found } from './evidence.ts'

/** What the transfer service wrote of its tries to copy, since a time in epoch milliseconds. */
export type TransferLog = (from: number) => AsyncGenerator<Found>

/** The copies of the local bridge. */
export function localTransferLog(directory: string): TransferLog {
  return async function* (from) {
    for await (const { source, copiedAt, outcome } of readCopyLog(directory)) {
      const at = Date.parse(copiedAt)
      const [, bucket = '', key = ''] = /^s3:\/\/([^/]+)\/(.*)$/s.exec(source) ?? []
      // Here a copy fails for good only where its object is gone.
      if (at >= from)
        yield {
          bucket,
          key,
          evidence: { of: 'transfer', outcome: outcome === 'failed' ? 'gone' : 'copied', at },
        }
    }
  }
}

/** As Storage Transfer writes it: https://docs.cloud.google.com/storage-transfer/docs/read-transfer-logs [2026-11] */
const entrySchema = z.object({
  timestamp: z.string(),
  jsonPayload: z.object({
    destinationObject: z.object({ gcsObject: z.object({ bucket: z.string(), objectKey: z.string() }) }),
    status: z.object({ statusCode: z.string(), errorType: z.string().optional() }).optional(),
  }),
})

const pageSchema = z.object({
  entries: z.array(z.unknown()).default([]),
  nextPageToken: z.string().optional(),
})

/** What Cloud Logging has of a project's transfers: for 30 days, unless its bucket is set otherwise. */
export function cloudTransferLog(
  google: Pick<GoogleAuth, 'request'>,
  project: string,
  landingBucket: string,
): TransferLog {
  return async function* (from) {
    const filter = [
      `logName="projects/${project}/logs/storagetransfer.googleapis.com%2Ftransfer_activity"`,
      'jsonPayload.action="COPY"',
      `jsonPayload.destinationObject.gcsObject.bucket="${landingBucket}"`,
      `timestamp>="${new Date(from).toISOString()}"`,
    ].join(' AND ')
    for (let pageToken: string | undefined, isLast = false; !isLast; isLast = pageToken === undefined) {
      const { data } = await google.request({
        url: 'https://logging.googleapis.com/v2/entries:list',
        method: 'POST',
        data: {
          resourceNames: [`projects/${project}`],
          filter,
          pageSize: 1000,
          ...(pageToken && { pageToken }),
        },
      })
      const page = pageSchema.parse(data)
      pageToken = page.nextPageToken
      for (const entry of page.entries) {
        const found = readEntry(entry)
        if (found) yield found
      }
    }
  }
}

/** Undefined for an entry of another kind. */
function readEntry(entry: unknown): Found | undefined {
  const parsed = entrySchema.safeParse(entry)
  if (!parsed.success) return undefined
  const { timestamp, jsonPayload } = parsed.data
  const original = parseLandingName(jsonPayload.destinationObject.gcsObject.objectKey)
  if (!original) return undefined
  const { statusCode = 'OK', errorType } = jsonPayload.status ?? {}
  const outcome =
    statusCode === 'OK' ? 'copied' : [statusCode, errorType].includes('NOT_FOUND') ? 'gone' : 'failed'
  return { ...original, evidence: { of: 'transfer', outcome, at: Date.parse(timestamp) } }
}
