/** A bucket's notification configuration as S3's XML. */
import { type BucketNotification, configurationId } from './notification.ts'
import { element } from './query.ts'

/** Only queues for new objects can be written; anything else is undefined. */
export function readNotifications(bucket: string, document: string): BucketNotification[] | undefined {
  if (/<(Topic|CloudFunction|EventBridge)Configuration/.test(document)) return undefined
  const queues = [...document.matchAll(/<QueueConfiguration>(.*?)<\/QueueConfiguration>/gs)].map(
    ([, one = '']) => one,
  )
  if (queues.some((one) => textsOf(one, 'Event').join() !== 's3:ObjectCreated:*')) return undefined
  return queues.map((one) => {
    const [id] = textsOf(one, 'Id')
    return {
      bucket,
      queue: textsOf(one, 'Queue')[0]?.split(':').at(-1) ?? '',
      prefix: ruleOf(one, 'prefix'),
      suffix: ruleOf(one, 'suffix'),
      ...(id && { id }),
    }
  })
}

/** @param arnOf of a queue, by its name. */
export function notificationDocument(
  notifications: readonly BucketNotification[],
  arnOf: (queue: string) => string,
): string {
  const parts = notifications.map((one) => {
    if (one.via === 'eventbridge') return '<EventBridgeConfiguration/>'
    const about = element('Id', configurationId(one)) + element('Event', 's3:ObjectCreated:*')
    return one.via
      ? `<TopicConfiguration>${element('Topic', one.via.topic)}${about}</TopicConfiguration>`
      : `<QueueConfiguration>${element('Queue', arnOf(one.queue))}${about}${filter(one)}</QueueConfiguration>`
  })
  return `<NotificationConfiguration>${parts.join('')}</NotificationConfiguration>`
}

/** S3 gives the names of filters back with a capital. */
function filter({ prefix, suffix }: BucketNotification): string {
  const rules = Object.entries({ Prefix: prefix, Suffix: suffix }).flatMap(([name, value]) =>
    value ? [`<FilterRule>${element('Name', name)}${element('Value', value)}</FilterRule>`] : [],
  )
  return rules.length === 0 ? '' : `<Filter><S3Key>${rules.join('')}</S3Key></Filter>`
}

function ruleOf(configuration: string, name: string): string {
  const rules = textsOf(configuration, 'FilterRule')
  const rule = rules.find((one) => textsOf(one, 'Name')[0]?.toLowerCase() === name)
  return textsOf(rule ?? '', 'Value')[0] ?? ''
}

function textsOf(document: string, tag: string): string[] {
  return [...document.matchAll(new RegExp(`<${tag}>(.*?)</${tag}>`, 'gs'))].map(([, text = '']) =>
    text.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&quot;', '"').replaceAll('&amp;', '&'),
  )
}
