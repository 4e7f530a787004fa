const eighths = ['', '▏', '▎', '▍', '▌', '▋', '▊', '▉'] as const
const levels = '▁▂▃▄▅▆▇█'
const asciiLevels = '.:-=+*#@'

/** A horizontal bar of `share` (0 to 1) of `width` characters, to an eighth of a character. */
export function bar(share: number, width: number, ascii: boolean): string {
  const filled = share * width
  if (ascii) return '#'.repeat(share > 0 ? Math.max(1, Math.round(filled)) : 0)
  const parts = share > 0 ? Math.max(1, Math.round(filled * 8)) : 0
  return '█'.repeat(Math.floor(parts / 8)) + (eighths[parts % 8] ?? '')
}

/** One character per count, its height the count's share of the greatest; a single one is still seen. */
export function sparkline(counts: readonly number[], ascii: boolean): string {
  const scale = ascii ? asciiLevels : levels
  const greatest = Math.max(1, ...counts)
  return counts
    .map((count) => (count === 0 ? ' ' : scale.charAt(Math.ceil((count / greatest) * scale.length) - 1)))
    .join('')
}
