/** `drop`: nothing is kept. `hash`: equal values stay equal. `mask`: only the length stays. */
export type Redaction = 'drop' | 'hash' | 'mask'

/** What becomes of values, by column, by path into a JSON column, or by path of a field that has no column. */
export type Redactions = Readonly<Record<string, Redaction>>

/** Whether the key is needed. */
export function hashes(redactions: Redactions | undefined): boolean {
  return Object.values(redactions ?? {}).includes('hash')
}
