import type { MonitoringAlertPolicyConditions } from '@cdktf/provider-google/lib/monitoring-alert-policy/index.js'

/** A condition that people are alerted to, and what to do about it. */
export interface Alert {
  readonly id: string
  readonly title: string
  /** For whoever is woken: where to look and what usually helps. */
  readonly todo: string
  readonly severity: 'WARNING' | 'ERROR'
  readonly condition: Omit<MonitoringAlertPolicyConditions, 'displayName'>
}

/** A time series by metric and labels, as Cloud Monitoring's filters name it. */
export function series(metric: string, resource: string, labels: Readonly<Record<string, string>>): string {
  const wanted = Object.entries(labels).map(([label, value]) => `${label} = "${value}"`)
  return [`metric.type = "${metric}"`, `resource.type = "${resource}"`, ...wanted].join(' AND ')
}

/** Above a number for so many seconds. */
export function above(
  filter: string,
  {
    threshold,
    seconds,
    aligner,
    summed = false,
  }: { threshold: number; seconds: number; aligner: string; summed?: boolean },
): Alert['condition'] {
  return {
    conditionThreshold: {
      filter,
      comparison: 'COMPARISON_GT',
      thresholdValue: threshold,
      duration: `${seconds}s`,
      aggregations: [
        {
          alignmentPeriod: '60s',
          perSeriesAligner: aligner,
          ...(summed && { crossSeriesReducer: 'REDUCE_SUM' }),
        },
      ],
    },
  }
}

/**
 * A PromQL expression that gives anything. For metrics of ours: a policy may name them before they exist, which they
 * do only after their first value.
 */
export function expression(query: string): Alert['condition'] {
  return {
    conditionPrometheusQueryLanguage: {
      query,
      duration: '300s',
      evaluationInterval: '60s',
      disableMetricValidation: true,
    },
  }
}

/** A line in Cloud Logging. */
export function logLine(filter: string): Alert['condition'] {
  return { conditionMatchedLog: { filter } }
}
