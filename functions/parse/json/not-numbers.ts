import { parseJsonObject } from './json-document.ts'

/** A string, or what Python and others write for numbers that JSON has none for. */
const stringOrNotNumber = /"(?:[^"\\]|\\.)*"|(?<![\w.])-?(?:NaN|Infinity)(?![\w.])/g

/** A JSON object in which NaN, Infinity and -Infinity are texts. Undefined unless that makes it one. */
export function withoutNotNumbers(object: Buffer): Buffer | undefined {
  if (!object.includes('NaN') && !object.includes('Infinity')) return undefined
  const text = object
    .toString()
    .replaceAll(stringOrNotNumber, (found) => (found.startsWith('"') ? found : `"${found}"`))
  return parseJsonObject(text) && Buffer.from(text)
}
