const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB'] as const

/** `1536` is `1.5 KiB`: powers of 1024, three significant digits at most once past bytes. */
export function formatBytes(bytes: number): string {
  let amount = bytes
  let unit = 0
  // 1023.5 would round to "1024": it belongs to the next unit already.
  while (Math.abs(amount) >= (unit === 0 ? 1024 : 1023.5) && unit < units.length - 1) {
    amount /= 1024
    unit += 1
  }
  const size = Math.abs(amount)
  const digits = unit === 0 || size >= 99.95 ? 0 : size >= 9.995 ? 1 : 2
  return `${Number(amount.toFixed(digits))} ${units[unit]}`
}
