import { request as httpRequest } from 'node:http'
import { request as httpsRequest } from 'node:https'
import type { Delivery } from './deliveries.ts'
import type { Subscription } from './subscription.ts'

/** Statuses that acknowledge a push: https://cloud.google.com/pubsub/docs/push#receive_push, November 2026. */
const acknowledging: ReadonlySet<number | undefined> = new Set([102, 200, 201, 202, 204])

/**
 * POSTs one message to the subscription's endpoint. True when the answer acknowledges it.
 * Rejects when no answer came: refused, cut off, or aborted by the signal.
 */
export function push(
  delivery: Delivery,
  subscription: Subscription,
  now: number,
  signal: AbortSignal,
): Promise<boolean> {
  const endpoint = new URL(subscription.push?.pushEndpoint ?? '')
  const body = Buffer.from(JSON.stringify(pushBody(delivery, subscription)))
  const headers = {
    'content-type': 'application/json',
    'content-length': body.length,
    'user-agent': 'APIs-Google; (+https://developers.google.com/webmasters/APIs-Google.html)',
    ...authorization(subscription, now),
  }
  const start = endpoint.protocol === 'https:' ? httpsRequest : httpRequest
  return new Promise((resolve, reject) => {
    start(endpoint, { method: 'POST', headers, signal })
      .on('information', ({ statusCode }) => acknowledging.has(statusCode) && resolve(true))
      .on('response', (response) => {
        response.resume().on('error', reject)
        resolve(acknowledging.has(response.statusCode))
      })
      .on('error', reject)
      .end(body)
  })
}

/** The wrapped message. Both spellings are sent, as the real service does; empty fields are left out. */
function pushBody(
  { message, messageId, publishedAt, attempt }: Delivery,
  { name, deadLetter }: Subscription,
) {
  const publishTime = new Date(publishedAt).toISOString()
  return {
    ...(deadLetter ? { deliveryAttempt: attempt } : {}),
    message: {
      ...(message.data.length > 0 ? { data: message.data.toString('base64') } : {}),
      ...(Object.keys(message.attributes).length > 0 ? { attributes: message.attributes } : {}),
      messageId,
      message_id: messageId,
      publishTime,
      publish_time: publishTime,
      ...(message.orderingKey === '' ? {} : { orderingKey: message.orderingKey }),
    },
    subscription: name,
  }
}

/** A token with the claims of Google's and no signature: nothing on this machine could check one. */
function authorization({ push }: Subscription, now: number): { readonly authorization?: string } {
  if (!push?.oidcToken) return {}
  const { serviceAccountEmail: email, audience } = push.oidcToken
  const issued = Math.floor(now / 1000)
  const claims = {
    iss: 'https://accounts.google.com',
    sub: email,
    email,
    email_verified: true,
    aud: audience || push.pushEndpoint,
    iat: issued,
    exp: issued + 3600,
  }
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')
  return { authorization: `Bearer ${part({ alg: 'none', typ: 'JWT' })}.${part(claims)}.` }
}
