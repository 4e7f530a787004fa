import { protos } from '@google-cloud/storage-transfer'

export const transferV1 = protos.google.storagetransfer.v1
export type Job = protos.google.storagetransfer.v1.ITransferJob
export type Operation = protos.google.storagetransfer.v1.ITransferOperation
export type Counters = protos.google.storagetransfer.v1.ITransferCounters

export const JobStatus = transferV1.TransferJob.Status
export const OperationStatus = transferV1.TransferOperation.Status
export const OverwriteWhen = transferV1.TransferOptions.OverwriteWhen

/** What a job copies, from where to where: the parts of a transfer spec that are modelled, validated. */
export interface Route {
  readonly sourceBucket: string
  /** Empty or ending in a slash. Object names are relative to it. */
  readonly sourcePath: string
  readonly sinkBucket: string
  readonly sinkPath: string
  readonly includePrefixes: readonly string[]
  readonly excludePrefixes: readonly string[]
  readonly overwrite: 'different' | 'never' | 'always'
  /** Puts S3's LastModified into customTime. */
  readonly keepsTime: boolean
  /** `gs://bucket/object` of a CSV that names the objects to copy. */
  readonly manifest: string | undefined
}

export function routeOf(job: Job): Route {
  const spec = job.transferSpec ?? {}
  const conditions = spec.objectConditions ?? {}
  const options = spec.transferOptions ?? {}
  const { DIFFERENT, NEVER, ALWAYS } = OverwriteWhen
  const overwriteWhen = options.overwriteObjectsAlreadyExistingInSink ? ALWAYS : options.overwriteWhen
  const { TIME_CREATED_PRESERVE_AS_CUSTOM_TIME } = transferV1.MetadataOptions.TimeCreated
  return {
    sourceBucket: spec.awsS3DataSource?.bucketName ?? '',
    sourcePath: spec.awsS3DataSource?.path ?? '',
    sinkBucket: spec.gcsDataSink?.bucketName ?? '',
    sinkPath: spec.gcsDataSink?.path ?? '',
    includePrefixes: conditions.includePrefixes ?? [],
    excludePrefixes: conditions.excludePrefixes ?? [],
    overwrite: ({ [DIFFERENT]: 'different', [NEVER]: 'never', [ALWAYS]: 'always' } as const)[
      Number(overwriteWhen || DIFFERENT) as 1 | 2 | 3
    ],
    keepsTime: options.metadataOptions?.timeCreated === TIME_CREATED_PRESERVE_AS_CUSTOM_TIME,
    manifest: spec.transferManifest?.location || undefined,
  }
}

/** The name in the sink of an S3 object, or undefined when the route leaves it out. */
export function sinkName(route: Route, key: string): string | undefined {
  if (!key.startsWith(route.sourcePath)) return undefined
  const name = key.slice(route.sourcePath.length)
  const included = route.includePrefixes.length === 0 || route.includePrefixes.some((p) => name.startsWith(p))
  const excluded = route.excludePrefixes.some((prefix) => name.startsWith(prefix))
  return included && !excluded ? route.sinkPath + name : undefined
}

/** A time, in milliseconds since the epoch, as the API's messages carry it. */
export function timestamp(millis: number): { seconds: number; nanos: number } {
  return { seconds: Math.floor(millis / 1000), nanos: (millis % 1000) * 1_000_000 }
}

export interface QueueName {
  readonly region: string
  readonly account: string
  readonly queue: string
}

/** The parts of an SQS queue's ARN; undefined when it is none. */
export function parseQueueArn(arn: string): QueueName | undefined {
  const match =
    /^arn:aws[a-z-]*:sqs:(?<region>[a-z0-9-]+):(?<account>\d{12}):(?<queue>[A-Za-z0-9_-]{1,80})$/.exec(arn)
  const { region, account, queue } = match?.groups ?? {}
  return region && account && queue ? { region, account, queue } : undefined
}
