import type { Bridge, DeployedSource } from '../../functions/config/schema.ts'
import type { FormatName } from '../../functions/parse/formats.ts'
import { bucketArn } from './names.ts'
import type { Statement } from './policy.ts'

/** A service that delivers logs. */
interface Writer {
  readonly service: string
  /** Whether it looks at the bucket before it writes. */
  readonly readsAcl: boolean
}

/**
 * The AWS service that delivers a format. Formats written by applications need no entry: their own roles write.
 * https://docs.aws.amazon.com/elasticloadbalancing/latest/application/enable-access-logging.html
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/AWS-logs-and-resource-policy.html
 * https://docs.aws.amazon.com/awscloudtrail/latest/userguide/create-s3-bucket-policy-for-cloudtrail.html
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/enable-server-access-logging.html [all 2026-11]
 */
const services: Readonly<Partial<Record<FormatName, Writer>>> = {
  alb: { service: 'logdelivery.elasticloadbalancing.amazonaws.com', readsAcl: false },
  'alb-connection': { service: 'logdelivery.elasticloadbalancing.amazonaws.com', readsAcl: false },
  clb: { service: 'logdelivery.elasticloadbalancing.amazonaws.com', readsAcl: false },
  'network-firewall': { service: 'delivery.logs.amazonaws.com', readsAcl: true },
  nlb: { service: 'delivery.logs.amazonaws.com', readsAcl: true },
  'vpc-flow': { service: 'delivery.logs.amazonaws.com', readsAcl: true },
  waf: { service: 'delivery.logs.amazonaws.com', readsAcl: true },
  'route53-resolver': { service: 'delivery.logs.amazonaws.com', readsAcl: true },
  cloudfront: { service: 'delivery.logs.amazonaws.com', readsAcl: true },
  cloudtrail: { service: 'cloudtrail.amazonaws.com', readsAcl: true },
  's3-access': { service: 'logging.s3.amazonaws.com', readsAcl: false },
}

/** Lets the services that deliver these sources' logs write to their prefixes, for this account only. */
export function logWriters(bridge: Bridge, sources: readonly DeployedSource[], account: string): Statement[] {
  return sources.flatMap((source) => statements(source, bucketArn(bridge, source.bucket), account))
}

function statements(source: DeployedSource, bucket: string, account: string): Statement[] {
  const writers = writersOf(source)
  const allow = (who: readonly Writer[]): Pick<Statement, 'Effect' | 'Principal' | 'Condition'> => ({
    Effect: 'Allow',
    Principal: { Service: namesOf(who) },
    Condition: { StringEquals: { 'aws:SourceAccount': account } },
  })
  const lookers = writers.filter(({ readsAcl }) => readsAcl)
  const look = {
    ...allow(lookers),
    Sid: `Look${source.name}`,
    Action: ['s3:GetBucketAcl', 's3:ListBucket'],
    Resource: bucket,
  }
  const write = {
    ...allow(writers),
    Sid: `Deliver${source.name}`,
    Action: 's3:PutObject',
    Resource: `${bucket}/${source.prefix}*`,
  }
  return [...(lookers.length > 0 ? [look] : []), ...(writers.length > 0 ? [write] : [])]
}

/** Who delivers the source's format; without one, everyone who delivers any. */
function writersOf({ format }: DeployedSource): readonly Writer[] {
  if (!format) return Object.values(services)
  const writer = services[format]
  return writer ? [writer] : []
}

function namesOf(writers: readonly Writer[]): string | string[] {
  const [first = '', ...others] = new Set(writers.map(({ service }) => service))
  return others.length > 0 ? [first, ...others] : first
}
