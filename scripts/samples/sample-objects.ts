import { gzipSync } from 'node:zlib'
import { deriveSeed, type Random, seededRandom } from '../random.ts'
import { albRequestLine } from './alb-requests.ts'
import { cutJson, garbage, invalidUtf8, truncatedEntry } from './bad-lines.ts'
import { hex, integer, pick } from './draw.ts'
import { cluster, ecsRecordLine, ecsServices } from './ecs-records.ts'
import { account, type LoadBalancer, loadBalancers, region } from './load-balancers.ts'
import { countLines, type SampleLine, type SampleObject } from './sample-object.ts'

export interface SampleOptions {
  /** Milliseconds since the epoch. Every line's time lies in the 24 hours before it. */
  readonly now: number
  readonly seed?: number
}

const minute = 60_000
/** AWS closes a log file every five minutes; the ECS logs are cut alike. */
const period = 5 * minute
/** Hours before now at which the objects of a load balancer end, and those of the ECS cluster. */
const hoursBack = { alb: [0, 7, 22], ecs: [0, 5, 21] } as const
/** In the same order: the ECS cluster's log router was set to compress only lately. */
const ecsPackings: readonly Packing[] = ['two gzip members', 'gzip', 'plain']
const linesPerObject = { from: 280, to: 420 } as const

type Packing = 'plain' | 'gzip' | 'two gzip members'

/**
 * A dozen objects of ALB and ECS logs, a few thousand lines, with bad ones in two objects of three. The same
 * seed and time give the same keys and lines on every machine (compressed bytes depend on the zlib in use).
 */
export function sampleObjects({ now, seed = 1 }: SampleOptions): readonly SampleObject[] {
  const end = Math.floor(now / period) * period
  return [
    ...loadBalancers.flatMap((balancer) =>
      hoursBack.alb.map((hours, index) => {
        const random = seededRandom(deriveSeed(seed, `alb ${balancer.app} ${index}`))
        return albObject(random, balancer, end - hours * 60 * minute, index % 2 === 0)
      }),
    ),
    ...hoursBack.ecs.map((hours, index) => {
      const random = seededRandom(deriveSeed(seed, `ecs ${index}`))
      return ecsObject(random, end - hours * 60 * minute, ecsPackings[index] ?? 'gzip', index % 2 === 0)
    }),
  ]
}

function albObject(random: Random, balancer: LoadBalancer, end: number, spoiled: boolean): SampleObject {
  const good = timesWithin(random, end).map((at) => ({
    app: balancer.app,
    bytes: Buffer.from(albRequestLine(random, balancer, at)),
  }))
  const cut = truncatedEntry(random, good[0]?.bytes.toString() ?? '')
  const lines = spoiled ? insert(random, good, [cut, garbage(), invalidUtf8()]) : good
  return {
    source: 'alb',
    key: albKey(random, balancer, end),
    body: pack(lines, 'gzip'),
    ...countLines(lines),
  }
}

function ecsObject(random: Random, end: number, packing: Packing, spoiled: boolean): SampleObject {
  const good = timesWithin(random, end).map((at) => {
    const service = pick(random, ecsServices)
    return { app: service.name, bytes: Buffer.from(ecsRecordLine(random, service, at)) }
  })
  const cut = cutJson(random, good[0]?.bytes.toString() ?? '')
  const lines = spoiled ? insert(random, good, [cut, garbage(), invalidUtf8()]) : good
  const key = ecsKey(random, end, packing)
  return { source: 'ecs', key, body: pack(lines, packing), ...countLines(lines) }
}

function timesWithin(random: Random, end: number): readonly number[] {
  const count = integer(random, linesPerObject.from, linesPerObject.to)
  return Array.from({ length: count }, () => end - period + Math.floor(random() * period)).sort(
    (a, b) => a - b,
  )
}

function insert(random: Random, good: readonly SampleLine[], bad: readonly Buffer[]): readonly SampleLine[] {
  return bad.reduce<readonly SampleLine[]>((lines, bytes) => {
    return lines.toSpliced(integer(random, 0, lines.length), 0, { app: undefined, bytes })
  }, good)
}

function pack(lines: readonly SampleLine[], packing: Packing): Buffer {
  const middle = Math.floor(lines.length / 2)
  switch (packing) {
    case 'plain':
      return joined(lines)
    case 'gzip':
      return gzipSync(joined(lines))
    case 'two gzip members':
      // As when a log router appends: a reader that stops after the first member loses half the lines.
      return Buffer.concat([gzipSync(joined(lines.slice(0, middle))), gzipSync(joined(lines.slice(middle)))])
  }
}

function joined(lines: readonly SampleLine[]): Buffer {
  const lineBreak = Buffer.from('\n')
  return Buffer.concat(lines.flatMap(({ bytes }) => [bytes, lineBreak]))
}

function albKey(random: Random, { app, id, nodeIp }: LoadBalancer, end: number): string {
  const stamp = new Date(end).toISOString()
  const day = stamp.slice(0, 10).replaceAll('-', '/')
  const time = `${stamp.slice(0, 16).replaceAll(/[-:]/g, '')}Z`
  const name = [
    account,
    'elasticloadbalancing',
    region,
    `app.${app}.${id}`,
    time,
    nodeIp,
    hex(random, 8),
  ].join('_')
  return `AWSLogs/${account}/elasticloadbalancing/${region}/${day}/${name}.log.gz`
}

function ecsKey(random: Random, end: number, packing: Packing): string {
  const day = new Date(end).toISOString().slice(0, 10).replaceAll('-', '/')
  const time = new Date(end).toISOString().slice(11, 16).replace(':', '')
  return `firelens/${cluster}/${day}/${time}-${hex(random, 8)}.log${packing === 'plain' ? '' : '.gz'}`
}
