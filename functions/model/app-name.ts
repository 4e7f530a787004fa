import { createHash } from 'node:crypto'

/** The longest name of an app, in UTF-16 units. */
export const longestApp = 200

const hashDigits = 8

/**
 * The name of an app as rows, tables and records have it. Text in a log may be of any length; a name is bounded. A longer
 * one is cut, never within a character, and ends in `~` and part of its hash, so that two that begin alike differ.
 */
export function appName(found: string): string {
  if (found.length <= longestApp) return found
  const room = longestApp - 1 - hashDigits
  const end = isHighSurrogate(found.charCodeAt(room - 1)) ? room - 1 : room
  const hash = createHash('sha256').update(found).digest('hex').slice(0, hashDigits)
  return `${found.slice(0, end)}~${hash}`
}

function isHighSurrogate(unit: number): boolean {
  return unit >= 0xd800 && unit <= 0xdbff
}
