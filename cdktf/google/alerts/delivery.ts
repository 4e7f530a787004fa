import { bridgeNames } from '../../../functions/config/names.ts'
import type { Bridge } from '../../../functions/config/schema.ts'
import { lanesOf } from '../lanes.ts'
import { shortName } from '../short-name.ts'
import { type Alert, above, series } from './alert.ts'

const metric = 'pubsub.googleapis.com/subscription'

/** Stage finalize: what Pub/Sub holds. */
export function deliveryAlerts(bridge: Bridge): Alert[] {
  // The most patient source decides: the age is the subscription's, whoever's message it is.
  const oldestSeconds = Math.max(...bridge.sources.map(({ freshMinutes }) => freshMinutes)) * 60
  return lanesOf(bridge).flatMap(({ name: lane }) => {
    const subscription = shortName(bridgeNames(bridge, lane).subscription)
    const of = (what: string, labels = {}) =>
      series(`${metric}/${what}`, 'pubsub_subscription', {
        'resource.labels.subscription_id': subscription,
        ...labels,
      })
    return [
      {
        id: `oldest-message-${lane}`,
        title: `Landed objects wait to be loaded (${lane})`,
        todo: 'See the function: errors, instances at the cap, throttling? A backlog drains by itself once that is over.',
        severity: 'ERROR',
        condition: above(of('oldest_unacked_message_age'), {
          threshold: oldestSeconds,
          seconds: 300,
          aligner: 'ALIGN_MAX',
        }),
      },
      {
        id: `dead-letters-${lane}`,
        title: `Messages were given up on (${lane})`,
        todo: "Query causeway.objects for outcome = 'quarantined' or 'missing': the reason is there. Mend it, then run causeway replay.",
        severity: 'ERROR',
        condition: above(of('dead_letter_message_count'), {
          threshold: 0,
          seconds: 0,
          aligner: 'ALIGN_DELTA',
          summed: true,
        }),
      },
      {
        id: `push-refused-${lane}`,
        title: `The function refuses Pub/Sub (${lane})`,
        todo: 'Answers of 4xx: 403 means the push account lost run.invoker or its token, 429 too few instances.',
        severity: 'ERROR',
        condition: above(of('push_request_count', { 'metric.labels.response_class': 'remote_server_4xx' }), {
          threshold: 0,
          seconds: 300,
          aligner: 'ALIGN_RATE',
          summed: true,
        }),
      },
    ] satisfies Alert[]
  })
}
