import { functionName } from '../../../functions/config/names.ts'
import type { Bridge } from '../../../functions/config/schema.ts'
import { lanesOf } from '../lanes.ts'
import { type Alert, above, series } from './alert.ts'

const requests = 'run.googleapis.com/request_count'

/** Stages parse to commit: the function's own health. */
export function functionAlerts(bridge: Bridge): Alert[] {
  return lanesOf(bridge).flatMap(({ name: lane, capacity }) => {
    const service = { 'resource.labels.service_name': functionName(bridge, lane) }
    const of = (metric: string, labels = {}) =>
      series(metric, 'cloud_run_revision', { ...service, ...labels })
    const rate = { threshold: 0, seconds: 300, aligner: 'ALIGN_RATE', summed: true }
    return [
      {
        id: `function-errors-${lane}`,
        title: `A fifth of deliveries fail (${lane})`,
        todo: 'See the log of the function: a code and a stage with each failure. Every failed delivery comes again.',
        severity: 'ERROR',
        condition: share(of(requests, { 'metric.labels.response_code_class': '5xx' }), of(requests), 0.2),
      },
      {
        id: `function-throttled-${lane}`,
        title: `Deliveries find no instance (${lane})`,
        todo: 'Raise maxInstances or concurrency: too few instances make a storm of deliveries tried again.',
        severity: 'WARNING',
        condition: above(of(requests, { 'metric.labels.response_code': '429' }), rate),
      },
      {
        id: `function-at-cap-${lane}`,
        title: `All ${capacity.maxInstances} instances run (${lane})`,
        todo: 'Raise maxInstances when the backlog grows too; a backfill may rightly keep it there.',
        severity: 'WARNING',
        condition: above(of('run.googleapis.com/container/instance_count'), {
          threshold: capacity.maxInstances - 0.5,
          seconds: 900,
          aligner: 'ALIGN_MAX',
          summed: true,
        }),
      },
    ] satisfies Alert[]
  })
}

/** One rate as a share of another, for ten minutes. */
function share(of: string, all: string, threshold: number): Alert['condition'] {
  const summed = [
    { alignmentPeriod: '300s', perSeriesAligner: 'ALIGN_RATE', crossSeriesReducer: 'REDUCE_SUM' },
  ]
  return {
    conditionThreshold: {
      filter: of,
      denominatorFilter: all,
      aggregations: summed,
      denominatorAggregations: summed,
      comparison: 'COMPARISON_GT',
      thresholdValue: threshold,
      duration: '600s',
    },
  }
}
