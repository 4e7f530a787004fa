import { invalidArgument } from './status.ts'
import type { WireMessage } from './wire.ts'

/** https://cloud.google.com/pubsub/quotas#resource_limits, November 2026. Sizes in bytes. */
const limits = {
  request: 10_000_000,
  messages: 1000,
  attributes: 100,
  attributeKey: 256,
  attributeValue: 1024,
  orderingKey: 1024,
}

/** Refuses a request that Pub/Sub would not take. */
export function requirePublishable(messages: readonly WireMessage[]): void {
  if (messages.length === 0) throw invalidArgument('The request holds no messages.')
  if (messages.length > limits.messages) {
    throw invalidArgument(`${messages.length} messages in one request; at most ${limits.messages} may be.`)
  }
  let bytes = 0
  for (const [index, message] of messages.entries()) {
    const fault = faultOf(message)
    if (fault) throw invalidArgument(`Message ${index}: ${fault}.`)
    bytes += sizeOf(message)
  }
  if (bytes > limits.request) {
    throw invalidArgument(`Request payload size exceeds the limit: ${bytes} of ${limits.request} bytes.`)
  }
}

function faultOf({ data, attributes, orderingKey }: WireMessage): string | undefined {
  const entries = Object.entries(attributes)
  if (data.length === 0 && entries.length === 0) return 'it must have data or at least one attribute'
  if (entries.length > limits.attributes) return `it has more than ${limits.attributes} attributes`
  if (Buffer.byteLength(orderingKey) > limits.orderingKey) return 'its ordering key is too long'
  for (const [key, value] of entries) {
    if (key === '' || key.startsWith('goog')) return `the attribute key "${key}" is empty or begins with goog`
    if (Buffer.byteLength(key) > limits.attributeKey) return `the attribute key "${key}" is too long`
    if (Buffer.byteLength(value) > limits.attributeValue) return `the value of attribute "${key}" is too long`
  }
  return undefined
}

function sizeOf({ data, attributes, orderingKey }: WireMessage): number {
  const texts = [orderingKey, ...Object.entries(attributes).flat()]
  return texts.reduce((bytes, text) => bytes + Buffer.byteLength(text), data.length)
}
