import type { Random } from '../random.ts'
import { drawSpan, isWithin, type Span } from './weather.ts'

/** Calls of the Storage Write API that are answered PERMISSION_DENIED for a while, though nothing is wrong with them. */
export interface Refusal extends Span {
  /** `publish` is flushing and committing. */
  readonly call: 'publish' | 'createStream'
  /** Only of tables whose names end with this; of all when absent. */
  readonly table?: string
}

export function drawRefusals(random: Random, storm: Span): Refusal[] {
  const refusals: Refusal[] = []
  if (random() < 0.12) refusals.push({ call: 'publish', ...drawSpan(random, storm, 300_000) })
  if (random() < 0.12)
    refusals.push({ call: 'createStream', table: '_checkout', ...drawSpan(random, storm, 300_000) })
  return refusals
}

export function isRefusedCall(
  refusals: readonly Refusal[],
  { call, table, now }: { readonly call: Refusal['call']; readonly table: string; readonly now: number },
): boolean {
  return refusals.some(
    (refusal) => refusal.call === call && table.endsWith(refusal.table ?? '') && isWithin(refusal, now),
  )
}
