import type { HopTimes } from './hop-times.ts'

export const hopNames = ['event', 'transfer', 'notification', 'load', 'total'] as const
export type HopName = (typeof hopNames)[number]

/** The durations of one hop over all objects. */
export interface HopLatency {
  readonly hop: HopName
  /** Its two ends, for readers. */
  readonly span: string
  /** Milliseconds, ascending. */
  readonly values: readonly number[]
  /** Values that clock skew between the clouds made negative; they count as 0 ms. */
  readonly clamped: number
  /** Objects whose event time is not known: their event hop is part of their transfer hop. Only on `event`. */
  readonly includedInTransfer: number
}

/** Five hops, in the order of the flow. */
export function hopLatencies(records: readonly HopTimes[]): readonly HopLatency[] {
  const eventsKnown = records.some(({ eventReceivedAt }) => eventReceivedAt !== undefined)
  return hopNames.map((hop) => {
    const raw = records.flatMap((times) => hopDuration(hop, times) ?? [])
    return {
      hop,
      span: hopSpan(hop, eventsKnown),
      values: raw.map((ms) => Math.max(0, ms)).sort((a, b) => a - b),
      clamped: raw.filter((ms) => ms < 0).length,
      includedInTransfer: hop === 'event' ? records.length - raw.length : 0,
    }
  })
}

function hopDuration(hop: HopName, times: HopTimes): number | undefined {
  const { uploadedAt, eventReceivedAt, landedAt, startedAt, committedAt } = times
  switch (hop) {
    case 'event':
      return eventReceivedAt === undefined ? undefined : eventReceivedAt - uploadedAt
    case 'transfer':
      return landedAt - (eventReceivedAt ?? uploadedAt)
    case 'notification':
      return startedAt - landedAt
    case 'load':
      return committedAt - startedAt
    case 'total':
      return committedAt - uploadedAt
  }
}

function hopSpan(hop: HopName, eventsKnown: boolean): string {
  switch (hop) {
    case 'event':
      return 'upload acknowledged to event received'
    case 'transfer':
      return `${eventsKnown ? 'event received' : 'upload acknowledged'} to landed in GCS`
    case 'notification':
      return 'landed in GCS to load started'
    case 'load':
      return 'load started to rows visible'
    case 'total':
      return 'upload acknowledged to rows visible'
  }
}

/** Number of objects measured. */
export function objectCount(hops: readonly HopLatency[]): number {
  return hops.find(({ hop }) => hop === 'total')?.values.length ?? 0
}
