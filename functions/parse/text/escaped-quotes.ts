import type { FieldSpan } from './fields.ts'

const quote = 0x22
const backslash = 0x5c

/**
 * The span of a field in quotes in which a backslash takes away what the character behind it means: Apache writes `\"`
 * and `\\` (https://httpd.apache.org/docs/2.4/mod/mod_log_config.html#format-notes), as does nginx with `escape=json`;
 * its `\x22` needs no care.
 */
export const escapedQuotes: FieldSpan = (bytes, start, end) => {
  if (bytes[start] !== quote) return -1
  for (let at = start + 1; at < end; at++) {
    if (bytes[at] === backslash) at++
    else if (bytes[at] === quote) return at + 1
  }
  return end + 1
}
