const second = 1000
const minute = 60 * second
const hour = 60 * minute
const day = 24 * hour

/** `83_000` is `1 min 23 s`: the two largest units that matter, rounded to the nearest, never `60 s`. */
export function formatDuration(ms: number): string {
  if (ms < 0) return `-${formatDuration(-ms)}`
  if (ms < 9.95) return `${Number(ms.toFixed(1))} ms`
  if (ms < 999.5) return `${Math.round(ms)} ms`
  if (ms < 9.95 * second) return `${Number((ms / second).toFixed(1))} s`
  if (ms < 59.5 * second) return `${Math.round(ms / second)} s`
  if (ms < hour - second / 2) return twoUnits(ms, [minute, 'min'], [second, 's'])
  if (ms < day - minute / 2) return twoUnits(ms, [hour, 'h'], [minute, 'min'])
  return twoUnits(ms, [day, 'd'], [hour, 'h'])
}

type Unit = readonly [size: number, name: string]

function twoUnits(ms: number, [large, largeName]: Unit, [small, smallName]: Unit): string {
  const smalls = Math.round(ms / small)
  const perLarge = large / small
  const rest = smalls % perLarge
  const whole = `${Math.floor(smalls / perLarge)} ${largeName}`
  return rest === 0 ? whole : `${whole} ${rest} ${smallName}`
}
