import type { protos } from '@google-cloud/storage-transfer'
import { z } from 'zod'
import { type Job, JobStatus } from './job.ts'
import { demand } from './job-rules.ts'

const filter = z.strictObject({
  projectId: z.string().min(1),
  jobNames: z.array(z.string()).optional(),
  jobStatuses: z.array(z.string().toUpperCase()).optional(),
  sourceBucket: z.string().optional(),
  sinkBucket: z.string().optional(),
})

/** The largest page of ListTransferJobs (transfer.proto). */
const largestPage = 256

/** One page of the jobs that match the JSON filter of ListTransferJobs. */
export function filterJobs(
  jobs: readonly Job[],
  request: protos.google.storagetransfer.v1.IListTransferJobsRequest,
): protos.google.storagetransfer.v1.IListTransferJobsResponse {
  const wanted = parseFilter(request.filter ?? '')
  const pageSize = request.pageSize || largestPage
  demand(pageSize > 0 && pageSize <= largestPage, `pageSize must be 1 to ${largestPage}`)
  const rest = jobs.filter((job) => matches(job, wanted) && (job.name ?? '') > (request.pageToken ?? ''))
  const page = rest.slice(0, pageSize)
  return {
    transferJobs: page,
    nextPageToken: rest.length > page.length ? (page.at(-1)?.name ?? '') : '',
  }
}

function parseFilter(text: string): z.infer<typeof filter> {
  try {
    return filter.parse(JSON.parse(text))
  } catch (error) {
    demand(false, `filter must be JSON with a projectId: ${error instanceof Error ? error.message : error}`)
  }
}

function matches(job: Job, wanted: z.infer<typeof filter>): boolean {
  const status = JobStatus[Number(job.status)] ?? ''
  return (
    job.projectId === wanted.projectId &&
    (wanted.jobNames?.includes(job.name ?? '') ?? true) &&
    (wanted.jobStatuses?.includes(status) ?? true) &&
    (wanted.sourceBucket ?? job.transferSpec?.awsS3DataSource?.bucketName) ===
      job.transferSpec?.awsS3DataSource?.bucketName &&
    (wanted.sinkBucket ?? job.transferSpec?.gcsDataSink?.bucketName) ===
      job.transferSpec?.gcsDataSink?.bucketName
  )
}
