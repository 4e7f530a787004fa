import { CommandError } from '../../commands/command-error.ts'
import { minutesOf } from '../../commands/duration.ts'

/** The time an operation is about: from, and before `to`. Epoch milliseconds, by S3's LastModified. */
export interface Window {
  readonly from: number
  readonly to: number
}

/**
 * Reads --from and --to: a day, a time of ISO 8601, or how long ago such as 24h.
 * @param fallbacks the same, where an option is not given. @throws CommandError
 */
export function windowOf(
  options: { readonly from?: string; readonly to?: string },
  fallbacks: { readonly from: string; readonly to: string },
  now: number,
): Window {
  const from = timeOf('--from', options.from ?? fallbacks.from, now)
  const to = timeOf('--to', options.to ?? fallbacks.to, now)
  if (from < to) return { from, to }
  throw new CommandError('--from is not before --to')
}

function timeOf(option: string, text: string, now: number): number {
  if (/^\d+[mhd]$/.test(text)) return now - minutesOf(option, text) * 60_000
  const time = /^\d{4}-\d\d-\d\d/.test(text) ? Date.parse(text) : Number.NaN
  if (!Number.isNaN(time)) return time
  throw new CommandError(
    `${option} takes a day (2026-11-27), a time (2026-11-27T08:00:00Z) or how long ago (30m, 24h, 7d), not ${text}`,
  )
}
