const grouped = new Intl.NumberFormat('en-US', { maximumFractionDigits: 3 })

/** `1234567` is `1,234,567`; at most three decimals. The same in every locale. */
export function formatCount(count: number | bigint): string {
  return grouped.format(count)
}
