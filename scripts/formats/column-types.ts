import type { Format } from '../../functions/model/format.ts'
import { formats } from '../../functions/parse/formats.ts'

/** Where the types of the formats' columns stand, from the repository's root. */
export const columnTypesFile = 'functions/config/format-columns.ts'

/** The formats' columns as TypeScript types: the formats are values, and the rows of a configuration need types. */
export function columnTypes(): string {
  return `${[
    '/** Written by `npm run formats -- --write`, from the formats: not by hand. */',
    'export interface FormatColumns {',
    ...Object.values(formats).flatMap(formatType),
    '}',
  ].join('\n')}\n`
}

function formatType({ name, about, columns }: Format): string[] {
  const property = /^\w+$/.test(name) ? name : `'${name}'`
  const head = [`  /** ${inComment(about)} */`]
  if (columns.length === 0) return [...head, `  readonly ${property}: Readonly<Record<never, never>>`]
  const lines = columns.flatMap((column) => [
    `    /** ${inComment(column.description)} */`,
    `    readonly ${column.name}: ${column.mode === 'REPEATED' ? `readonly ['${column.type}']` : `'${column.type}'`}`,
  ])
  return [...head, `  readonly ${property}: {`, ...lines, '  }']
}

function inComment(text: string): string {
  return text.replaceAll('*/', '* /')
}
