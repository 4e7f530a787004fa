import type { Random } from '../random.ts'
import type { AlbFields } from './alb-fields.ts'
import { chance, integer, weighted } from './draw.ts'
import { type LoadBalancer, region } from './load-balancers.ts'

/** How a request ended, with its share of the traffic in per mille. */
const endings = [
  ['forwarded', 930],
  ['redirected', 20],
  ['blocked', 10],
  ['client closed', 8],
  ['bad gateway', 8],
  ['no target', 4],
  ['timed out', 4],
  ['websocket', 6],
  ['malformed', 10],
] as const

/** Draws an ending and gives what it changes in the fields of a request that a target answered. */
export function changedByEnding(
  random: Random,
  balancer: LoadBalancer,
  fields: AlbFields,
): Partial<AlbFields> {
  switch (weighted(random, endings)) {
    case 'forwarded':
      return spaceInUri(random, balancer)
    case 'redirected':
      return {
        ...unanswered(301, 'redirect'),
        ...plainHttp,
        request: `GET http://${balancer.host}:80/ HTTP/1.1`,
        redirectUrl: `https://${balancer.host}:443/`,
      }
    case 'blocked':
      return unanswered(403, 'waf')
    case 'client closed':
      return { times: [fields.times[0], '-1', '-1'], elbStatus: 460, targetStatus: '-', sentBytes: 0 }
    case 'bad gateway':
      return { times: [fields.times[0], '-1', '-1'], elbStatus: 502, targetStatus: '-', sentBytes: 277 }
    case 'no target':
      return unanswered(503, 'forward')
    case 'timed out':
      return { times: [fields.times[0], '-1', '-1'], elbStatus: 504, targetStatus: '-', sentBytes: 569 }
    case 'websocket':
      return {
        type: 'wss',
        request: `GET https://${balancer.host}:443/v1/live HTTP/1.1`,
        times: [fields.times[0], '0.004', '0.000'],
        elbStatus: 101,
        targetStatus: '101',
        transform: balancer.rewrites ? ['-', '/live', 'TransformSuccess'] : undefined,
      }
    case 'malformed':
      return { ...unanswered(400, '-'), ...plainHttp, ...withoutRequest(random, balancer) }
  }
}

const plainHttp = { type: 'http', sslCipher: '-', sslProtocol: '-', chosenCertArn: '-' } as const

/** Answered by the load balancer itself: no target was tried, nothing was rewritten. */
function unanswered(status: number, actionsExecuted: string): Partial<AlbFields> {
  return {
    target: '-',
    times: ['-1', '-1', '-1'],
    elbStatus: status,
    targetStatus: '-',
    sentBytes: 272,
    actionsExecuted,
    ...(actionsExecuted === 'forward' ? {} : { targetGroupArn: '-' }),
    transform: undefined,
  }
}

/** Bytes that were no HTTP request: the load balancer logs its own name in place of the host. */
function withoutRequest(random: Random, balancer: LoadBalancer): Partial<AlbFields> {
  const number = integer(random, 100_000_000, 999_999_999)
  return {
    request: `- http://${balancer.app}-${number}.${region}.elb.amazonaws.com:80- -`,
    receivedBytes: 0,
    userAgent: '-',
    traceId: '-',
    domainName: '-',
    matchedRulePriority: '-',
    classification: '-',
    classificationReason: '-',
  }
}

/** Some clients do not encode a space, which makes the request four words instead of three. */
function spaceInUri(random: Random, balancer: LoadBalancer): Partial<AlbFields> {
  if (!balancer.rewrites || !chance(random, 0.01)) return {}
  return {
    type: 'https',
    request: `GET https://${balancer.host}:443/v1/search?q=red shoes HTTP/1.1`,
    classification: 'Acceptable',
    classificationReason: 'SpaceInUri',
    transform: ['-', '/search?q=red shoes', 'TransformSuccess'],
  }
}
