import { durationSteps } from './duration-buckets.ts'

/** A logarithmic time axis between two readable durations, in ms. */
export interface LogAxis {
  readonly fromMs: number
  readonly toMs: number
}

const shortest = durationSteps[0] ?? 1
const longest = durationSteps.at(-1) ?? shortest

/** The narrowest axis from step to step that holds all values; what is under 1 ms stands at its left end. */
export function axisOver(values: readonly number[]): LogAxis {
  const least = values.reduce((a, b) => Math.min(a, b), values[0] ?? shortest)
  const greatest = values.reduce((a, b) => Math.max(a, b), values[0] ?? shortest)
  const fromMs = durationSteps.findLast((step) => step <= least) ?? shortest
  const toMs = durationSteps.find((step) => step > Math.max(greatest, fromMs)) ?? Math.max(longest, greatest)
  return { fromMs: Math.min(fromMs, toMs / 2), toMs }
}

/** Where a duration stands on the axis: 0 at the left end, 1 at the right end. */
export function axisPosition(axis: LogAxis, ms: number): number {
  const clamped = Math.min(axis.toMs, Math.max(axis.fromMs, ms))
  return Math.log(clamped / axis.fromMs) / Math.log(axis.toMs / axis.fromMs)
}

/** Durations within the axis to label, at least `gap` of its length apart: the round ones first, then what fits. */
export function axisTicks(axis: LogAxis, gap: number): readonly number[] {
  const steps = durationSteps.filter((step) => step >= axis.fromMs && step <= axis.toMs)
  const byRoundness = [...steps.filter(isRound), ...steps.filter((step) => !isRound(step))]
  const chosen: number[] = []
  for (const step of byRoundness) {
    const place = axisPosition(axis, step)
    if (chosen.every((other) => Math.abs(axisPosition(axis, other) - place) >= gap)) chosen.push(step)
  }
  return chosen.sort((a, b) => a - b)
}

function isRound(step: number): boolean {
  const unit = [3_600_000, 60_000, 1000, 1].find((size) => step >= size) ?? 1
  return Number.isInteger(Math.log10(step / unit))
}

/** How many values fall in each of `bins` parts of equal width on the axis. */
export function axisBins(axis: LogAxis, values: readonly number[], bins: number): readonly number[] {
  const counts = Array.from({ length: bins }, () => 0)
  for (const value of values) {
    const bin = Math.min(bins - 1, Math.floor(axisPosition(axis, value) * bins))
    counts[bin] = (counts[bin] ?? 0) + 1
  }
  return counts
}
