import type { Random } from '../random.ts'
import { changedByEnding } from './alb-endings.ts'
import { type AlbFields, albLine } from './alb-fields.ts'
import { chance, hex, integer, logNormal, pick, type Weighted, weighted } from './draw.ts'
import { account, type LoadBalancer, region } from './load-balancers.ts'

const userAgents = [
  'Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 Version/18.1 Mobile/15E148 Safari/604.1',
  'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36',
  'okhttp/4.12.0',
  'curl/8.11.0',
  'shop-app/7.3 (build "nightly"; "beta" ring)',
  '-',
] as const

type Tls = Pick<AlbFields, 'sslCipher' | 'sslProtocol'>

const tlsVersions: readonly [Weighted<Tls>, Weighted<Tls>] = [
  [{ sslCipher: 'TLS_AES_128_GCM_SHA256', sslProtocol: 'TLSv1.3' }, 85],
  [{ sslCipher: 'ECDHE-RSA-AES128-GCM-SHA256', sslProtocol: 'TLSv1.2' }, 15],
]

/** One access log line for a request that ended at `at` (ms since the epoch). */
export function albRequestLine(random: Random, balancer: LoadBalancer, at: number): string {
  const fields = forwarded(random, balancer, at)
  return albLine({ ...fields, ...changedByEnding(random, balancer, fields) })
}

function forwarded(random: Random, balancer: LoadBalancer, at: number): AlbFields {
  const targetSeconds = logNormal(random, balancer.targetSeconds, 0.8)
  const status = weighted(random, balancer.statuses)
  const [verb, route] = weighted(random, balancer.routes)
  const path = route.replaceAll('{id}', () => String(integer(random, 1, 90_000)))
  const type = weighted(random, [
    ['h2', 6],
    ['https', 4],
  ] as const)
  return {
    type,
    time: microseconds(random, at),
    elb: `app/${balancer.app}/${balancer.id}`,
    client: client(random),
    target: `10.0.${integer(random, 10, 12)}.${integer(random, 4, 250)}:8080`,
    times: [seconds(0.001 * random()), seconds(targetSeconds), '0.000'],
    elbStatus: status,
    targetStatus: String(status),
    receivedBytes: integer(random, 80, verb === 'GET' ? 900 : 4000),
    sentBytes: status === 304 ? 180 : Math.round(logNormal(random, 2400, 1)),
    request: `${verb} https://${balancer.host}:443${path} ${type === 'h2' ? 'HTTP/2.0' : 'HTTP/1.1'}`,
    userAgent: pick(random, userAgents),
    ...weighted(random, tlsVersions),
    targetGroupArn: arn('elasticloadbalancing', `targetgroup/${balancer.app}/${balancer.id}`),
    traceId: `Root=1-${Math.floor(at / 1000).toString(16)}-${hex(random, 24)}`,
    domainName: balancer.host,
    chosenCertArn: chance(random, 0.6)
      ? 'session-reused'
      : arn('acm', 'certificate/12345678-1234-1234-1234-123456789012'),
    matchedRulePriority: String(integer(random, 0, 4)),
    requestCreationTime: microseconds(random, at - targetSeconds * 1000 - 1),
    actionsExecuted: chance(random, 0.3) ? 'waf,forward' : 'forward',
    redirectUrl: '-',
    errorReason: '-',
    ...classification(random),
    connTraceId: `TID_${hex(random, 32)}`,
    transform: transform(random, balancer, path),
  }
}

function classification(random: Random): Pick<AlbFields, 'classification' | 'classificationReason'> {
  return chance(random, 0.01)
    ? { classification: 'Acceptable', classificationReason: 'NonCompliantHeader' }
    : { classification: '-', classificationReason: '-' }
}

function transform(random: Random, balancer: LoadBalancer, path: string): AlbFields['transform'] {
  if (balancer.rewrites) return ['-', path.replace(/^\/v1/, ''), 'TransformSuccess']
  return chance(random, 0.5) ? ['-', '-', '-'] : undefined
}

/** An IPv6 address comes without brackets, so the port is what follows the last colon. */
function client(random: Random): string {
  const address = chance(random, 0.15)
    ? `2001:db8:${hex(random, 4)}:1:${hex(random, 4)}:${hex(random, 4)}:${hex(random, 4)}:${hex(random, 4)}`
    : `203.0.113.${integer(random, 1, 254)}`
  return `${address}:${integer(random, 1024, 65_535)}`
}

function arn(service: string, resource: string): string {
  return `arn:aws:${service}:${region}:${account}:${resource}`
}

function seconds(value: number): string {
  return value.toFixed(3)
}

function microseconds(random: Random, at: number): string {
  const digits = String(integer(random, 0, 999)).padStart(3, '0')
  return new Date(at).toISOString().replace('Z', `${digits}Z`)
}
