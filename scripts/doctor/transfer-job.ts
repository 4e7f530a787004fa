import type { protos } from '@google-cloud/storage-transfer'
import { jobSettings } from '../../cdktf/google/job-settings.ts'
import { transferJobName } from '../../functions/config/names.ts'
import type { DeployedSource } from '../../functions/config/schema.ts'
import type { About } from './about.ts'
import { type Check, fail, finding, type Problem } from './check.ts'

type Job = protos.google.storagetransfer.v1.ITransferJob

/** The event-driven job of a source. */
export function transferJobCheck(about: About, source: DeployedSource, caller: Check): Check {
  const { bridge, clients, account, deploy } = about
  const jobName = transferJobName(bridge, source)
  const { project } = bridge.google
  return {
    ...{ group: 'transfer', source: source.name, what: jobName, make: deploy('google'), after: caller },
    asks: `storagetransfer.jobs.get in ${project}`,
    run: async () => {
      const [job] = await clients.transfer.getTransferJob({ jobName, projectId: project })
      const wanted = jobSettings(bridge, source, await account())
      return finding(
        judgeJob(job, wanted, { project, deploy: deploy('google') }),
        'enabled; reads the queue with the role',
      )
    },
  }
}

/** A job's event stream cannot be changed: what differs in it is made anew. */
export function judgeJob(
  job: Job,
  wanted: ReturnType<typeof jobSettings>,
  { project, deploy }: { readonly project: string; readonly deploy: string },
): Problem[] {
  if (job.status === 'DELETED') return [fail('it was deleted', deploy)]
  const enable = `gcloud transfer jobs update ${wanted.name} --status=enabled --project=${project}`
  const is = job.transferSpec ?? {}
  const should = wanted.transferSpec
  const differs = (what: string, actual: unknown, planned: unknown) =>
    JSON.stringify(actual ?? '') === JSON.stringify(planned ?? '')
      ? []
      : [fail(`${what} is ${textOf(actual)}, not ${textOf(planned)}`, deploy)]
  return [
    ...(job.status === 'ENABLED' ? [] : [fail(`it is ${job.status}: nothing is copied`, enable)]),
    ...differs('its queue', job.eventStream?.name, wanted.eventStream.name),
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
