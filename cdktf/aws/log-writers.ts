import { refusesKeys } from '../../functions/config/refuses-keys.ts'
import type { Bridge, DeployedSource } from '../../functions/config/schema.ts'
import type { FormatName } from '../../functions/parse/formats.ts'
import { bucketArn } from './names.ts'
import type { Statement } from './policy.ts'

/** A service that delivers logs. */
interface Writer {
  readonly service: string
  /** Whether it looks at the bucket before it writes. */
  readonly readsAcl: boolean
  /** Whether its requests are known to say for which account it writes, in `aws:SourceAccount`. */
  readonly namesAccount: boolean
}

const loadBalancing: Writer = {
  ...{ service: 'logdelivery.elasticloadbalancing.amazonaws.com', readsAcl: false },
  // Its page has no such condition: where the key is not set, the condition would keep every log out.
  namesAccount: false,
}
const deliveries: Writer = { service: 'delivery.logs.amazonaws.com', readsAcl: true, namesAccount: true }

/**
 * The AWS service that delivers a format. Formats written by applications need no entry: their own roles write.
 * https://docs.aws.amazon.com/elasticloadbalancing/latest/application/enable-access-logging.html
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/AWS-logs-and-resource-policy.html
 * https://docs.aws.amazon.com/awscloudtrail/latest/userguide/create-s3-bucket-policy-for-cloudtrail.html
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/enable-server-access-logging.html [all 2026-11]
 */
const services: Readonly<Partial<Record<FormatName, Writer>>> = {
  alb: loadBalancing,
  'alb-connection': loadBalancing,
  clb: loadBalancing,
  'network-firewall': deliveries,
  nlb: deliveries,
  'vpc-flow': deliveries,
  waf: deliveries,
  'route53-resolver': deliveries,
  cloudfront: deliveries,
  cloudtrail: { service: 'cloudtrail.amazonaws.com', readsAcl: true, namesAccount: true },
  's3-access': { service: 'logging.s3.amazonaws.com', readsAcl: false, namesAccount: true },
}

/** Lets the services that deliver these sources' logs write to their prefixes, for this account only. */
export function logWriters(bridge: Bridge, sources: readonly DeployedSource[], account: string): Statement[] {
  return sources.flatMap((source) => statements(source, bucketArn(bridge, source.bucket), account))
}

/** The services that deliver a source's format; without one, those that deliver any under the account's paths. */
export function writersOf({ format, bucketKey }: DeployedSource): readonly string[] {
  return [...new Set(deliverers(format, bucketKey !== undefined).map(({ service }) => service))]
}

function deliverers(format: FormatName | undefined, encrypted: boolean): readonly Writer[] {
  const formats = format ? [format] : anywhere.filter((one) => !(encrypted && refusesKeys(one)))
  return [...new Set(formats.flatMap((one) => services[one] ?? []))]
}

/** Server access logs have no path of the account: their source must name them. */
const anywhere = (Object.keys(services) as FormatName[]).filter((format) => format !== 's3-access')

function statements(source: DeployedSource, bucket: string, account: string): Statement[] {
  const { name, prefix, format } = source
  const writers = deliverers(format, source.bucketKey !== undefined)
  const named = writers.filter(({ namesAccount }) => namesAccount)
  const unnamed = writers.filter(({ namesAccount }) => !namesAccount)
  const lookers = writers.filter(({ readsAcl }) => readsAcl)
  const ours = { Condition: { StringEquals: { 'aws:SourceAccount': account } } }
  const [anyKey, accountsKey] = [`${bucket}/${prefix}*`, `${bucket}/${accountPath(prefix, account)}`]
  return [
    ...allow(`Look${name}`, lookers, ['s3:GetBucketAcl', 's3:ListBucket'], bucket, ours),
    ...allow(`Deliver${name}`, named, 's3:PutObject', format ? anyKey : accountsKey, ours),
    ...allow(`DeliverByPath${name}`, unnamed, 's3:PutObject', accountsKey),
  ]
}

function allow(
  Sid: string,
  who: readonly Writer[],
  Action: Statement['Action'],
  Resource: string,
  condition: Pick<Statement, 'Condition'> = {},
): Statement[] {
  const [first, ...others] = who.map(({ service }) => service)
  if (first === undefined) return []
  const Service = others.length > 0 ? [first, ...others] : first
  return [{ Sid, Effect: 'Allow', Principal: { Service }, Action, Resource, ...condition }]
}

const logs = 'AWSLogs/'

/**
 * The keys under a prefix that a service writes for an account: `[prefix/]AWSLogs/<account>/`. A prefix of a load
 * balancer may not have AWSLogs in it, so nobody else's logs get there.
 */
function accountPath(prefix: string, account: string): string {
  const [before = '', after] = prefix.split(logs, 2)
  if (after === undefined) return `${prefix}*${logs}${account}/*`
  // A prefix that goes on names an account itself.
  return /^\d{12}\//.test(after) ? `${prefix}*` : `${before}${logs}${account}/*`
}
