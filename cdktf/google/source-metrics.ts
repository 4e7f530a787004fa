import { LoggingMetric } from '@cdktf/provider-google/lib/logging-metric/index.js'
import type { ITerraformDependable } from 'cdktf'
import type { Construct } from 'constructs'
import { functionName } from '../../functions/config/names.ts'
import type { Bridge, Source } from '../../functions/config/schema.ts'
import { landingPrefix, lanePart } from '../../functions/model/landing-name.ts'

/** What is measured of a source, and where the load function's log line has it. */
const values = {
  age: { field: 'jsonPayload.ageMillis', unit: 'ms', what: 'Time from upload to rows that can be queried' },
  read: { field: 'jsonPayload.counts.read', unit: '1', what: 'Lines read' },
  rejected: { field: 'jsonPayload.counts.rejected', unit: '1', what: 'Lines rejected' },
} as const

export type SourceMetric = keyof typeof values

/** The name of a source's metric: letters, digits and underscores, as PromQL wants it. */
export function sourceMetric(
  { name }: Pick<Bridge, 'name'>,
  source: Pick<Source, 'name'>,
  metric: SourceMetric,
): string {
  return `${name.replaceAll('-', '_')}_${source.name}_${metric}`
}

/** Measures of each source, counted from the lines the load function writes about committed objects. */
export function sourceMetrics(
  scope: Construct,
  bridge: Bridge,
  dependsOn: ITerraformDependable[],
): LoggingMetric[] {
  return bridge.sources.flatMap((source) =>
    (['age', 'read', 'rejected'] as const).map((metric) => {
      const { field, unit, what } = values[metric]
      return new LoggingMetric(scope, `${source.name}-${metric}-metric`, {
        project: bridge.google.project,
        name: sourceMetric(bridge, source, metric),
        description: `${what} (source ${source.name})`,
        filter: committed(bridge, source),
        valueExtractor: `EXTRACT(${field})`,
        metricDescriptor: { metricKind: 'DELTA', valueType: 'DISTRIBUTION', unit },
        // From one to 2^40: a second to years, a line to billions.
        bucketOptions: { exponentialBuckets: { numFiniteBuckets: 40, growthFactor: 2, scale: 1 } },
        dependsOn,
      })
    }),
  )
}

/** The functions' lines about committed objects of a source, by where they landed, in whatever lane. */
function committed(bridge: Bridge, source: Source): string {
  const bucket = literal(`gs://${bridge.google.landingBucket}/${landingPrefix}`)
  const key = literal(`${source.bucket}/${source.prefix}`)
  const pattern = `^${bucket}${lanePart}${key}${source.suffix && `.*${literal(source.suffix)}$`}`
  return [
    'resource.type = "cloud_run_revision"',
    `resource.labels.service_name : "${functionName(bridge)}"`,
    'jsonPayload.outcome = "committed"',
    `jsonPayload.landing =~ ${JSON.stringify(pattern)}`,
  ].join(' AND ')
}

/** Text as a regular expression (RE2) that matches it and nothing else. */
function literal(text: string): string {
  return text.replaceAll(/[\\^$.*+?()[\]{}|]/g, '\\$&')
}
