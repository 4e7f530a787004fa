import { randomBytes } from 'node:crypto'
import { protos } from '@google-cloud/storage-transfer'
import { status } from '@grpc/grpc-js'
import { projectNumber } from '../project-number.ts'
import { type Job, JobStatus, timestamp, transferV1 } from './job.ts'
import { filterJobs } from './job-filter.ts'
import { checkJob, checkJobName, demand } from './job-rules.ts'
import { longRunning } from './operations-service.ts'
import { RpcError, type rpcsOf } from './rpc.ts'
import type { Runs } from './runs.ts'
import type { TransferStore } from './store.ts'

/** The fields UpdateTransferJob takes (transfer.proto). The event stream is not among them. */
const updatable = new Map<string, keyof Job>([
  ['description', 'description'],
  ['transfer_spec', 'transferSpec'],
  ['notification_config', 'notificationConfig'],
  ['logging_config', 'loggingConfig'],
  ['status', 'status'],
])

export interface JobsService {
  readonly store: TransferStore
  readonly runs: Runs
  readonly clock: () => number
}

/** The methods of StorageTransferService about jobs. Each answers from disk, and has written when it answers. */
export function jobsService(rpc: ReturnType<typeof rpcsOf>, service: JobsService) {
  const { store, runs } = service
  const v1 = transferV1
  return [
    rpc('CreateTransferJob', v1.CreateTransferJobRequest, v1.TransferJob, ({ transferJob }) =>
      v1.TransferJob.create(createJob(service, transferJob ?? {})),
    ),
    rpc('GetTransferJob', v1.GetTransferJobRequest, v1.TransferJob, ({ jobName, projectId }) =>
      v1.TransferJob.create(existing(store, jobName, projectId)),
    ),
    rpc('ListTransferJobs', v1.ListTransferJobsRequest, v1.ListTransferJobsResponse, (request) =>
      v1.ListTransferJobsResponse.create(filterJobs(store.jobs(), request)),
    ),
    rpc('UpdateTransferJob', v1.UpdateTransferJobRequest, v1.TransferJob, (request) =>
      v1.TransferJob.create(updateJob(service, request)),
    ),
    rpc('DeleteTransferJob', v1.DeleteTransferJobRequest, protos.google.protobuf.Empty, (request) => {
      const job = existing(store, request.jobName, request.projectId)
      keep(service, { ...job, status: JobStatus.DELETED })
      return protos.google.protobuf.Empty.create()
    }),
    rpc('RunTransferJob', v1.RunTransferJobRequest, protos.google.longrunning.Operation, (request) => {
      const job = existing(store, request.jobName, request.projectId)
      const enabled = job.status === JobStatus.ENABLED
      if (!enabled) throw new RpcError(status.FAILED_PRECONDITION, `${job.name} is not ENABLED`)
      return longRunning(runs.start(job))
    }),
    rpc('GetGoogleServiceAccount', v1.GetGoogleServiceAccountRequest, v1.GoogleServiceAccount, (request) => {
      demand(request.projectId, 'projectId is required')
      const accountEmail = `project-${projectNumber}@storage-transfer-service.iam.gserviceaccount.com`
      return v1.GoogleServiceAccount.create({ accountEmail, subjectId: '100000000000000000000' })
    }),
  ]
}

function createJob(service: JobsService, given: Job): Job {
  const name = given.name || `transferJobs/${randomBytes(10).toString('hex')}`
  checkJobName(name)
  checkJob(given)
  if (service.store.job(name)) throw new RpcError(status.ALREADY_EXISTS, `${name} already exists`)
  const creationTime = timestamp(service.clock())
  return keep(service, { ...given, name, creationTime, deletionTime: null, latestOperationName: '' })
}

function updateJob(
  service: JobsService,
  request: protos.google.storagetransfer.v1.IUpdateTransferJobRequest,
): Job {
  const job = existing(service.store, request.jobName, request.projectId)
  const given = request.transferJob ?? {}
  const paths = request.updateTransferJobFieldMask?.paths ?? []
  demand(paths.length > 0, `updateTransferJobFieldMask must name some of ${[...updatable.keys()].join(', ')}`)
  const changes: Job = {}
  for (const path of paths) {
    const field = updatable.get(path)
    demand(
      field,
      `${path} cannot be updated, only ${[...updatable.keys()].join(', ')}: delete and create the job`,
    )
    Object.assign(changes, { [field]: given[field] })
  }
  const updated = { ...job, ...changes }
  if (updated.status !== JobStatus.DELETED) checkJob(updated)
  return keep(service, updated)
}

/** Writes a changed job and lets its worker follow. The secret key is never given back (transfer_types.proto). */
function keep({ store, runs, clock }: JobsService, changed: Job): Job {
  const now = timestamp(clock())
  const deletionTime = changed.status === JobStatus.DELETED ? (changed.deletionTime ?? now) : null
  const job = withoutSecret({ ...changed, lastModificationTime: now, deletionTime })
  store.putJob(job)
  runs.follow(job)
  return store.job(job.name ?? '') ?? job
}

function withoutSecret(job: Job): Job {
  const source = job.transferSpec?.awsS3DataSource
  if (!source?.awsAccessKey) return job
  return { ...job, transferSpec: { ...job.transferSpec, awsS3DataSource: { ...source, awsAccessKey: null } } }
}

function existing(store: TransferStore, name?: string | null, projectId?: string | null): Job {
  demand(name, 'jobName is required')
  demand(projectId, 'projectId is required')
  const job = store.job(name)
  if (job?.projectId !== projectId)
    throw new RpcError(status.NOT_FOUND, `${name} is not in project ${projectId}`)
  return job
}
