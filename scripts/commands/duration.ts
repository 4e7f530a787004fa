import { CommandError } from './command-error.ts'

/** Minutes of a time such as `30m`, `24h` or `7d`. @throws CommandError */
export function minutesOf(option: string, duration: string): number {
  const match = /^(\d{1,6})(m|h|d)$/.exec(duration)
  if (!match) throw new CommandError(`${option} takes a duration such as 30m, 24h or 7d, not ${duration}`)
  const unit = { m: 1, h: 60, d: 1_440 }[match[2] as 'm' | 'h' | 'd']
  return Number(match[1]) * unit
}
