/** A JSON object as parsed. Numbers a double cannot hold are kept as their digits. */
export type JsonObject = { readonly [name: string]: unknown }

/** BigQuery's limit for JSON (https://docs.cloud.google.com/bigquery/docs/json-data, November 2026), less one for FireLens's `log`. */
export const deepestJson = 499

/**
 * Where a number may stand that a double would change: 16 digits or more, or a large exponent. Not a Unix time to
 * the microsecond, which is exact below 2^33 seconds and on every line of FireLens.
 */
const longNumber = /[:,[\s-](?![1-7]\d{9}\.\d{6}[,}\s])(?:\d{16}|[\d.]{17}|[\d.]{1,16}e[+-]?\d{3})/i

/** Longest number whose digits are compared with what a double makes of them. */
const longestCompared = 40

/**
 * Parses the text of one JSON object, losing no digit of any number: one that a double would change comes back as
 * a raw number, which `JSON.stringify` writes as it stood, or as text. Undefined when the text is no JSON object, or
 * one nested deeper than BigQuery takes.
 */
export function parseJsonObject(text: string): JsonObject | undefined {
  try {
    // A reviver makes parsing several times slower: only where there may be something to save.
    const value: unknown = longNumber.test(text) ? JSON.parse(text, keepDigits) : JSON.parse(text)
    return isObject(value) && !(text.length > deepestJson && isDeep(value, deepestJson)) ? value : undefined
  } catch {
    // Not JSON: the caller rejects the line with its own words.
    return undefined
  }
}

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !isRawNumber(value)
}

function isDeep(value: unknown, levels: number): boolean {
  if (typeof value !== 'object' || value === null) return false
  return levels === 0 || Object.values(value).some((member) => isDeep(member, levels - 1))
}

/** A number as it is written; undefined for anything else. */
export function numberText(value: unknown): string | undefined {
  return typeof value === 'number' || JSON.isRawJSON(value) ? JSON.stringify(value) : undefined
}

/** A string, or a number as it is written; undefined for anything else, and for nothing. */
function scalarText(value: unknown): string | undefined {
  return typeof value === 'string' ? value.toWellFormed() || undefined : numberText(value)
}

/** The member at a path, taking `a.b` first as one name, then as `b` within `a`. */
export function memberAt(object: JsonObject, path: string): unknown {
  if (Object.hasOwn(object, path)) return object[path]
  const dot = path.indexOf('.')
  if (dot < 0) return undefined
  const inner = object[path.slice(0, dot)]
  return isObject(inner) ? memberAt(inner, path.slice(dot + 1)) : undefined
}

/** The first of the members at these paths that is a string or number with anything in it, as text. */
export function firstScalar(object: JsonObject, paths: readonly string[]): string | undefined {
  for (const path of paths) {
    const value = scalarText(memberAt(object, path))
    if (value !== undefined) return value
  }
  return undefined
}

/**
 * The text BigQuery's JSON type takes: no half of a surrogate pair.
 * `JSON.stringify` writes such a half as an escape, which BigQuery refuses, and a row with it.
 */
export function toJson(value: JsonObject | readonly unknown[]): string {
  const text = JSON.stringify(value)
  return text.includes('\\ud') ? JSON.stringify(value, wellFormed) : text
}

function wellFormed(_name: string, value: unknown): unknown {
  if (typeof value === 'string') return value.toWellFormed()
  if (!isObject(value)) return value
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name.toWellFormed(), member]))
}

function keepDigits(_name: string, value: unknown, context: { source: string }): unknown {
  if (typeof value !== 'number') return value
  const { source } = context
  const kept = source.length <= longestCompared && significant(source) === significant(String(value))
  return kept ? value : rawNumber(source)
}

/** The digits of a number without those that only place the point. */
function significant(number: string): string {
  return number
    .replace(/e.*/i, '')
    .replaceAll(/[-.]/g, '')
    .replaceAll(/^0+|0+$/g, '')
}

/** BigQuery's JSON holds integers of 64 bits exactly and refuses other numbers it would round: those become strings. */
function rawNumber(digits: string): unknown {
  if (!/^-?\d{1,20}$/.test(digits)) return digits
  const exact = BigInt(digits)
  const fits = BigInt.asIntN(64, exact) === exact || BigInt.asUintN(64, exact) === exact
  return fits ? JSON.rawJSON(digits) : digits
}

function isRawNumber(value: object): boolean {
  return JSON.isRawJSON(value)
}
