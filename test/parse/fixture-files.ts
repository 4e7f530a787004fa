import { readdirSync, readFileSync } from 'node:fs'
import { type FormatName, formats } from '../../functions/parse/formats.ts'

const folder = new URL('../fixtures/', import.meta.url)

/** The logs of every format that can be detected, by file name: `<format>[.<variant>].log`. */
export const tellable = readdirSync(folder).filter(
  // A log exported by CloudWatch Logs is told by its key alone.
  (file) => file.endsWith('.log') && !file.startsWith('text.') && !file.startsWith('cloudwatch-export.'),
)

export function formatOf(file: string): FormatName {
  return file.split('.')[0] as FormatName
}

export function contentOf(file: string): Buffer {
  return readFileSync(new URL(file, folder))
}

/** What becomes of a fixture's lines: rows, and rejects by their class. */
export function outcomesOf(file: string): Record<string, unknown>[] {
  const lines = readFileSync(new URL(file.replace(/log$/, 'expected.jsonl'), folder), 'utf8').trimEnd()
  return lines.split('\n').map((line) => JSON.parse(line))
}

/** Formats that cut records and yet number them by the lines of the file. */
const countsLines: ReadonlySet<FormatName> = new Set(['json-lines', 'csv', 'tsv', 'cri', 'docker'])

/** A fixture as such logs really are: without the many lines that are there to be rejected. */
export function soundContentOf(file: string): Buffer {
  if (formats[formatOf(file)].blocks && !countsLines.has(formatOf(file))) return contentOf(file)
  const broken = new Set(
    outcomesOf(file).flatMap((outcome) => ('error_class' in outcome ? [outcome['source_line']] : [])),
  )
  const lines = contentOf(file)
    .toString('latin1')
    .split(/(?<=\n)/)
  return Buffer.from(lines.filter((_, index) => !broken.has(index + 1)).join(''), 'latin1')
}
