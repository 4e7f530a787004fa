import type { Random } from '../random.ts'
import { chance, hex, integer, logNormal, pick, weighted } from './draw.ts'
import { account, region } from './load-balancers.ts'

/** A service whose containers log through FireLens (Fluent Bit), which adds the container and task fields. */
export interface EcsService {
  readonly name: string
  /** Share of its lines that are JSON of its own rather than text under `log`. */
  readonly structured: number
  readonly revision: number
  /** Ids of its running tasks. */
  readonly tasks: readonly [string, ...string[]]
}

export const ecsServices: readonly [EcsService, ...EcsService[]] = [
  {
    name: 'payments',
    structured: 0.9,
    revision: 42,
    tasks: [
      'cccfc2891cfb9756b7c513dcd6cede31',
      'b163a8a769c710388bc66cb4e63b1823',
      'e2377702ae165ccd55e29881d4382132',
    ],
  },
  {
    name: 'inventory',
    structured: 0.6,
    revision: 17,
    tasks: ['9adf04c1b6624c3d8a5e7f1b2c3d4e5f', '41c7be3f5a0d4e6b9c8a7f6e5d4c3b2a'],
  },
  { name: 'mailer', structured: 0, revision: 8, tasks: ['4aa79dbe83f085c17cd58938cb1cb4c9'] },
]

export const cluster = 'shop-prod'

/** One line of a service, written at `at` (ms since the epoch). */
export function ecsRecordLine(random: Random, service: EcsService, at: number): string {
  const own = chance(random, service.structured) ? structured(random, service, at) : text(random, service, at)
  return JSON.stringify({ ...own, ...firelens(random, service) })
}

function firelens(random: Random, { name, revision, tasks }: EcsService): Record<string, string> {
  const task = pick(random, tasks)
  return {
    source: chance(random, 0.9) ? 'stdout' : 'stderr',
    container_id: `${task}-2531612879`,
    container_name: name,
    ecs_cluster: cluster,
    ecs_task_arn: `arn:aws:ecs:${region}:${account}:task/${cluster}/${task}`,
    ecs_task_definition: `${name}:${revision}`,
  }
}

/** Fluent Bit writes `date` as epoch seconds or, when set so, as ISO 8601. */
function text(random: Random, service: EcsService, at: number): Record<string, unknown> {
  const id = integer(random, 1, 90_000)
  return {
    date: chance(random, 0.7) ? at / 1000 : new Date(at).toISOString(),
    log: pick(random, [
      `${service.name}: handled message ${id}`,
      `queue depth ${integer(random, 0, 40)}, "low" lane`,
      `retrying ${id}: connection reset\tby peer`,
      `entrega a José Núñez confirmada ✓ (${id})`,
    ]),
  }
}

function structured(random: Random, service: EcsService, at: number): Record<string, unknown> {
  const level = weighted(random, [
    ['info', 90],
    ['warn', 7],
    ['error', 3],
  ])
  const record = {
    timestamp: new Date(at).toISOString(),
    level,
    message: level === 'error' ? 'upstream refused the request' : 'request finished',
    service: service.name,
    trace_id: hex(random, 32),
    duration_ms: Number(logNormal(random, 35, 0.9).toFixed(2)),
    http: {
      method: pick(random, ['GET', 'POST']),
      route: '/internal/:id',
      status: level === 'error' ? 502 : 200,
    },
    tags: ['blue', `az-${pick(random, ['a', 'b', 'c'])}`],
  }
  return level === 'error' ? { ...record, error: { kind: 'Upstream', retryable: true, cause: null } } : record
}
