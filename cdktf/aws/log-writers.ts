import type { Bridge, DeployedSource } from '../../functions/config/schema.ts'
import type { Delivery } from '../../functions/model/delivery.ts'
import { type FormatName, formatNames, formats } from '../../functions/parse/formats.ts'
import { bucketArn } from './names.ts'
import type { Statement } from './policy.ts'

/** Lets the services that deliver these sources' logs write to their prefixes, for this account only. */
export function logWriters(bridge: Bridge, sources: readonly DeployedSource[], account: string): Statement[] {
  return sources.flatMap((source) => statements(source, bucketArn(bridge, source.bucket), account))
}

/** The services that deliver a source's format; without one, those that deliver any under the account's paths. */
export function writersOf({ format, bucketKey }: DeployedSource): readonly string[] {
  return [...new Set(deliverers(format, bucketKey !== undefined).map(({ service }) => service))]
}

function deliverers(format: FormatName | undefined, encrypted: boolean): readonly Delivery[] {
  if (format) return deliveriesOf([format])
  // A service that does not write below the account's path has to be named.
  return deliveriesOf(formatNames).filter(
    ({ underAccount, takesKmsKeys }) => underAccount && (takesKmsKeys || !encrypted),
  )
}

/** Each service once. */
function deliveriesOf(names: readonly FormatName[]): Delivery[] {
  const all = names.map((name) => formats[name].delivery).filter((delivery) => delivery !== 'none')
  return [...new Map(all.map((delivery) => [delivery.service, delivery])).values()]
}

function statements(source: DeployedSource, bucket: string, account: string): Statement[] {
  const { name, prefix, format } = source
  const writers = deliverers(format, source.bucketKey !== undefined)
  const named = writers.filter(({ namesAccount }) => namesAccount)
  const unnamed = writers.filter(({ namesAccount }) => !namesAccount)
  const lookers = writers.filter(({ readsAcl }) => readsAcl)
  const seekers = writers.filter(({ readsLocation }) => readsLocation)
  const ours = { Condition: { StringEquals: { 'aws:SourceAccount': account } } }
  const [anyKey, accountsKey] = [`${bucket}/${prefix}*`, `${bucket}/${accountPath(prefix, account)}`]
  return [
    ...allow(`Look${name}`, lookers, ['s3:GetBucketAcl', 's3:ListBucket'], bucket, ours),
    ...allow(`Locate${name}`, seekers, 's3:GetBucketLocation', bucket, ours),
    ...allow(`Deliver${name}`, named, 's3:PutObject', format ? anyKey : accountsKey, ours),
    ...allow(`DeliverByPath${name}`, unnamed, 's3:PutObject', accountsKey),
  ]
}

function allow(
  Sid: string,
  deliveries: readonly Delivery[],
  Action: Statement['Action'],
  Resource: string,
  condition: Pick<Statement, 'Condition'> = {},
): Statement[] {
  const [first, ...others] = deliveries.map(({ service }) => service)
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
