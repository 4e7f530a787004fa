import { status } from '@grpc/grpc-js'
import { type Job, JobStatus, parseQueueArn } from './job.ts'
import { RpcError } from './rpc.ts'

/**
 * What the service demands of a job, with the limits of transfer_types.proto (@google-cloud/storage-transfer
 * 3.6.1), and what this stand-in does not model: that fails with UNIMPLEMENTED rather than being ignored.
 */
export function checkJob(job: Job): void {
  const spec = job.transferSpec
  demand(job.projectId, 'transferJob.projectId is required')
  demand(Buffer.byteLength(job.description ?? '') <= 1024, 'transferJob.description exceeds 1024 bytes')
  demand(
    job.status === JobStatus.ENABLED || job.status === JobStatus.DISABLED,
    'transferJob.status must be ENABLED or DISABLED',
  )
  demand(!(job.eventStream && job.schedule), 'transferJob has both eventStream and schedule: give one')
  demand(spec, 'transferJob.transferSpec is required')
  checkModelled(job)
  demand(spec?.awsS3DataSource?.bucketName, 'transferSpec.awsS3DataSource.bucketName is required')
  demand(spec?.gcsDataSink?.bucketName, 'transferSpec.gcsDataSink.bucketName is required')
  checkPath('awsS3DataSource.path', spec?.awsS3DataSource?.path ?? '')
  checkPath('gcsDataSink.path', spec?.gcsDataSink?.path ?? '')
  checkCredentials(job)
  const { includePrefixes, excludePrefixes } = spec?.objectConditions ?? {}
  checkPrefixes('includePrefixes', includePrefixes ?? [])
  checkPrefixes('excludePrefixes', excludePrefixes ?? [])
  const outside = excludePrefixes?.find((one) => !includePrefixes?.some((prefix) => one.startsWith(prefix)))
  demand(
    !includePrefixes?.length || outside === undefined,
    `excludePrefixes: ${outside} is under no includePrefix`,
  )
  checkEventStream(job)
}

export function checkJobName(name: string): void {
  const valid = /^transferJobs\/(?!OPI)[A-Za-z0-9\-._~]*[A-Za-z0-9]$/.test(name) && name.length <= 128
  demand(
    valid,
    `transferJob.name ${name} must match transferJobs/^(?!OPI)[A-Za-z0-9-._~]*[A-Za-z0-9]$, <= 128 long`,
  )
}

export function demand(condition: unknown, message: string): asserts condition {
  if (!condition) throw new RpcError(status.INVALID_ARGUMENT, message)
}

function checkModelled(job: Job): void {
  const spec = job.transferSpec ?? {}
  const { includePrefixes: _in, excludePrefixes: _ex, ...otherConditions } = spec.objectConditions ?? {}
  const unmodelled = {
    schedule: job.schedule,
    replicationSpec: job.replicationSpec,
    notificationConfig: job.notificationConfig,
    'a source other than awsS3DataSource':
      spec.gcsDataSource ||
      spec.httpDataSource ||
      spec.posixDataSource ||
      spec.azureBlobStorageDataSource ||
      spec.awsS3CompatibleDataSource ||
      spec.hdfsDataSource,
    posixDataSink: spec.posixDataSink,
    'conditions on times': Object.values(otherConditions).some(Boolean),
    deleteObjectsUniqueInSink: spec.transferOptions?.deleteObjectsUniqueInSink,
    deleteObjectsFromSourceAfterTransfer: spec.transferOptions?.deleteObjectsFromSourceAfterTransfer,
  }
  for (const [what, value] of Object.entries(unmodelled)) {
    if (value) throw new RpcError(status.UNIMPLEMENTED, `the local stand-in does not model ${what}`)
  }
}

function checkPath(field: string, path: string): void {
  demand(
    path === '' || (path.endsWith('/') && !path.startsWith('/')),
    `${field} must end in / and not start with it`,
  )
}

function checkCredentials(job: Job): void {
  const { awsAccessKey, roleArn, credentialsSecret } = job.transferSpec?.awsS3DataSource ?? {}
  const given = [awsAccessKey, roleArn, credentialsSecret].filter(Boolean).length
  demand(given <= 1, 'awsS3DataSource: give one of awsAccessKey, roleArn and credentialsSecret')
}

function checkPrefixes(field: string, prefixes: readonly string[]): void {
  demand(prefixes.length <= 1000, `${field} has more than 1000 values`)
  for (const [index, prefix] of prefixes.entries()) {
    const valid =
      prefix && !prefix.startsWith('/') && !/[\r\n]/.test(prefix) && Buffer.byteLength(prefix) <= 1024
    demand(
      valid,
      `${field}: ${JSON.stringify(prefix)} must be 1 to 1024 bytes, one line, without a leading slash`,
    )
    const covering = prefixes.find((other, at) => at !== index && prefix.startsWith(other))
    demand(covering === undefined, `${field}: ${covering} is a prefix of ${prefix}`)
  }
}

function checkEventStream(job: Job): void {
  if (!job.eventStream) return
  demand(
    parseQueueArn(job.eventStream.name ?? ''),
    'eventStream.name must be the ARN of a standard SQS queue',
  )
  demand(!job.transferSpec?.transferManifest, 'a job with an eventStream cannot have a transferManifest')
  if (job.eventStream.eventStreamStartTime || job.eventStream.eventStreamExpirationTime) {
    throw new RpcError(status.UNIMPLEMENTED, 'the local stand-in does not model times of an eventStream')
  }
}
