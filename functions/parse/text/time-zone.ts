const dayMicros = 86_400_000_000
/** Clocks change at whole quarters of an hour, and lines come in runs of one. */
const quarterMicros = 900_000_000

/** Whether this is a zone of the IANA database, or an offset such as `+02:00`. */
export function isZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en-US', { timeZone: name })
    return true
  } catch (error) {
    if (error instanceof RangeError) return false
    throw error
  }
}

/**
 * How far a zone is east of UTC, in microseconds, at a local time, which is given in microseconds as if it were UTC. A time that a change of
 * the clock skips or repeats has the offset from before the change.
 */
export function zoneOffsets(name: string): (localMicros: number) => number {
  const format = new Intl.DateTimeFormat('en-US', { timeZone: name, timeZoneName: 'longOffset' })
  const offsetAt = (micros: number): number => {
    const written = format.formatToParts(micros / 1000).find(({ type }) => type === 'timeZoneName')?.value
    const match = /^GMT([+-])(\d\d):(\d\d)(?::(\d\d))?$/.exec(written ?? '')
    if (!match) return 0
    const seconds = Number(match[2]) * 3600 + Number(match[3]) * 60 + Number(match[4] ?? 0)
    return (match[1] === '-' ? -seconds : seconds) * 1e6
  }
  let [known, offset] = [Number.NaN, 0]
  return (local) => {
    const quarter = Math.floor(local / quarterMicros)
    if (quarter === known) return offset
    const start = quarter * quarterMicros
    const [before, after] = [offsetAt(start - dayMicros), offsetAt(start + dayMicros)]
    const holds = (east: number) => offsetAt(start - east) === east
    known = quarter
    offset = holds(before) || !holds(after) ? before : after
    return offset
  }
}
