import type { Source } from '../config/schema.ts'
import type { FormatName } from '../parse/formats.ts'

/** A source in one format: what its objects of that format are read by. */
export type LogSource = Source & {
  readonly format: FormatName
  /** What the names of its tables begin with. */
  readonly tables: string
}

/**
 * A source in the format it names, or in one that an object of it is in. Formats have columns of their own: where
 * several may come, each has its own tables, `<source>_<format>_<app>`. A format's name has no underscore there, so
 * that `aws_alb_*` takes no table of `alb-connection`.
 */
export function logSource(source: Source, format: FormatName): LogSource {
  const tables = source.format ? source.name : `${source.name}_${format.replaceAll('-', '')}`
  return { ...source, format, tables }
}
