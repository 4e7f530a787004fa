import { createHash } from 'node:crypto'

/**
 * The part of a construct's id that stands for a name from the configuration: that name itself where an id can hold
 * it, else its letters with part of the hash of the exact name behind them. CDKTF takes all but letters, digits, `_`
 * and `-` out of an id, and makes one resource of two that are then the same.
 * @param parts what may be put behind the id, after a dash: a name that ends so would be taken for a part of another.
 */
export function idOf(name: string, parts: readonly string[] = []): string {
  if (/^[\w-]+$/.test(name) && !parts.some((part) => name.endsWith(`-${part}`))) return name
  const hash = createHash('sha256').update(name).digest('hex').slice(0, 8)
  return `${name.replaceAll(/[^\w-]/g, '-')}-${hash}`
}
