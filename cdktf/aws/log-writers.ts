import type { Bridge, DeployedSource } from '../../functions/config/schema.ts'
import type { FormatName } from '../../functions/parse/formats.ts'
import { bucketArn } from './names.ts'
import type { Statement } from './policy.ts'

/**
 * The AWS service that delivers a format. Formats written by applications need no entry: their own roles write.
 * https://docs.aws.amazon.com/elasticloadbalancing/latest/application/enable-access-logging.html
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/AWS-logs-and-resource-policy.html
 * https://docs.aws.amazon.com/awscloudtrail/latest/userguide/create-s3-bucket-policy-for-cloudtrail.html
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/enable-server-access-logging.html [all 2026-11]
 */
const services: Readonly<
  Partial<Record<FormatName, { readonly service: string; readonly readsAcl: boolean }>>
> = {
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

/** Lets the services that deliver these sources' formats write to their prefixes, for this account only. */
export function logWriters(bridge: Bridge, sources: readonly DeployedSource[], account: string): Statement[] {
  return sources.flatMap((source) => {
    const writer = services[source.format]
    return writer ? statements(writer, source, bucketArn(bridge, source.bucket), account) : []
  })
}

function statements(
  { service, readsAcl }: { service: string; readsAcl: boolean },
  { name, prefix }: DeployedSource,
  bucket: string,
  account: string,
): Statement[] {
  const allow = {
    Effect: 'Allow' as const,
    Principal: { Service: service },
    Condition: { StringEquals: { 'aws:SourceAccount': account } },
  }
  const write = { ...allow, Sid: `Deliver${name}`, Action: 's3:PutObject', Resource: `${bucket}/${prefix}*` }
  const look = {
    ...allow,
    Sid: `Look${name}`,
    Action: ['s3:GetBucketAcl', 's3:ListBucket'],
    Resource: bucket,
  }
  return readsAcl ? [look, write] : [write]
}
