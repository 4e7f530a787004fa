import type { Bridge } from '../../../functions/config/schema.ts'
import { type SourceMetric, sourceMetric } from '../source-metrics.ts'
import { type Alert, expression } from './alert.ts'

/** What users of a source would notice: late rows, no rows, wrong rows. */
export function sourceAlerts(bridge: Bridge): Alert[] {
  const { rejectsRatio, silentHours } = bridge.watch
  return bridge.sources.flatMap((source) => {
    const over = (metric: SourceMetric, part: string, window: string) =>
      `increase(logging_googleapis_com:user_${sourceMetric(bridge, source, metric)}_${part}{monitored_resource="cloud_run_revision"}[${window}])`
    const total = (metric: SourceMetric, part: string, window: string) => `sum(${over(metric, part, window)})`
    return [
      {
        id: `${source.name}-late`,
        title: `${source.name}: rows come later than ${source.freshMinutes} minutes`,
        todo: 'npm run -s causeway -- latency --cloud shows which hop takes the time.',
        severity: 'WARNING',
        condition: expression(
          `histogram_quantile(0.95, sum by (le) (${over('age', 'bucket', '15m')})) > ${source.freshMinutes * 60_000}`,
        ),
      },
      {
        id: `${source.name}-silent`,
        title: `${source.name}: no object for ${silentHours} hours`,
        todo: 'It had some the day before. Does the app still log; is the notification still on the bucket; is its queue empty?',
        severity: 'WARNING',
        condition: expression(
          `(${total('age', 'count', `${silentHours + 24}h`)} > 0) unless (${total('age', 'count', `${silentHours}h`)} > 0)`,
        ),
      },
      {
        id: `${source.name}-rejects`,
        title: `${source.name}: more than ${rejectsRatio * 100} % of lines rejected`,
        todo: 'Query causeway.rejects by error_class and reason: a format that changed shows there first.',
        severity: 'WARNING',
        condition: expression(
          `${total('rejected', 'sum', '1h')} / ${total('read', 'sum', '1h')} > ${rejectsRatio}`,
        ),
      },
    ] satisfies Alert[]
  })
}
