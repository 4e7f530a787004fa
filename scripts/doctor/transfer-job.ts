import type { protos } from '@google-cloud/storage-transfer'
import { jobSettings } from '../../cdktf/google/job-settings.ts'
import type { DeployedSource } from '../../functions/config/schema.ts'
import type { About } from './about.ts'
import { type Check, fail, finding, type Problem } from './check.ts'

type Job = protos.google.storagetransfer.v1.ITransferJob

/** The event-driven job of a source: the one that reads its queue, whatever its name. */
export function transferJobCheck(about: About, source: DeployedSource, caller: Check): Check {
  const { bridge, clients, account, deploy } = about
  const { project } = bridge.google
  return {
    group: 'transfer',
    source: source.name,
    what: 'transfer job',
    make: deploy('google'),
    after: caller,
    asks: `storagetransfer.jobs.list in ${project}`,
    run: async () => {
      const wanted = jobSettings(bridge, source, await account())
      const filter = JSON.stringify({ projectId: project, jobStatuses: ['ENABLED', 'DISABLED'] })
      const [jobs] = await clients.transfer.listTransferJobs({ filter })
      const own = jobs.filter(({ eventStream }) => eventStream?.name === wanted.eventStream.name)
      return finding(
        judgeJobs(own, wanted, { project, source: source.name, deploy: deploy('google') }),
        'enabled; reads the queue with the role',
      )
    },
  }
}

interface Where {
  readonly project: string
  readonly source: string
  readonly deploy: string
}

/** @param jobs those that read the queue and were not deleted. */
export function judgeJobs(
  jobs: readonly Job[],
  wanted: ReturnType<typeof jobSettings>,
  where: Where,
): Problem[] {
  const [job, ...others] = jobs
  if (!job) return [fail(`none reads ${wanted.eventStream.name}`, where.deploy)]
  if (others.length === 0) return judgeJob(job, wanted, where)
  const names = jobs.map(({ name }) => name).join(', ')
  return [
    fail(
      `several read the queue: ${names}`,
      `gcloud transfer jobs delete <job> --project=${where.project}, all but the one of output transfer_jobs`,
    ),
  ]
}

function judgeJob(job: Job, wanted: ReturnType<typeof jobSettings>, { source, deploy }: Where): Problem[] {
  const enable = `npm run causeway -- resume ${source} --yes, if it is not paused on purpose`
  const is = job.transferSpec ?? {}
  const should = wanted.transferSpec
  const differs = (what: string, actual: unknown, planned: unknown) =>
    JSON.stringify(actual ?? '') === JSON.stringify(planned ?? '')
      ? []
      : [fail(`${what} is ${textOf(actual)}, not ${textOf(planned)}`, deploy)]
  return [
    ...(job.status === 'ENABLED' ? [] : [fail(`it is ${job.status}: nothing is copied`, enable)]),
    ...differs('its role', is.awsS3DataSource?.roleArn, should.awsS3DataSource.roleArn),
    ...differs('its bucket', is.awsS3DataSource?.bucketName, should.awsS3DataSource.bucketName),
    ...differs('where it copies to', is.gcsDataSink?.bucketName, should.gcsDataSink.bucketName),
    ...differs('the path it copies to', is.gcsDataSink?.path, should.gcsDataSink.path),
    ...differs(
      'the prefix it takes',
      is.objectConditions?.includePrefixes ?? [],
      should.objectConditions?.includePrefixes ?? [],
    ),
  ]
}

function textOf(value: unknown): string {
  return typeof value === 'string' && value ? value : value ? JSON.stringify(value) : 'nothing'
}
