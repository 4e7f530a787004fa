import type { Source } from '../../config/schema.ts'
import type { FormatName } from '../../parse/formats.ts'

/** A source in one format: how its objects of that format are read. */
export type LogSource = Source & {
  readonly format: FormatName
  /** What the names of its tables begin with. */
  readonly tables: string
}

/**
 * A source in the format it names, or in one that an object of it is in. Formats have columns of their own: where
 * several may come, each has its own tables, `<source>__<format>_<app>`. No app of the source is in such a table when
 * its format is named; nor are those of `alb-connection` in `aws__alb_*`, as a format's name has no underscore there.
 */
export function logSource(source: Source, format: FormatName): LogSource {
  const tables = source.format ? source.name : `${source.name}__${format.replaceAll('-', '')}`
  return { ...source, format, tables }
}
