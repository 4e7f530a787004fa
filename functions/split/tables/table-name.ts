import { createHash } from 'node:crypto'
import type { LogSource } from './log-source.ts'

/** Names that stand in a table name as they are, dashes as underscores. No two of them become the same. */
const plain = /^[a-z0-9]+(-[a-z0-9]+)*$/
const longest = 100

/** The last part of the name of the table for apps without a table of their own. */
const overflow = 'other'

/** The table of an app's rows: `<source>_<app>`, or `<source>` when the source is split by clustering. */
export function tableName({ tables, split }: Pick<LogSource, 'tables' | 'split'>, app: string): string {
  return split === 'cluster' ? tables : `${tables}_${tableSuffix(app)}`
}

/** The table for rows of apps past the source's cap. */
export function overflowTableName({ tables }: Pick<LogSource, 'tables'>): string {
  return `${tables}_${overflow}`
}

/**
 * An app's name as part of a table name: a-z, 0-9 and underscores.
 * A name that needs more than `-` to `_` gets two underscores and eight hex digits of its hash, which plain names
 * cannot contain: so two names that look alike once made plain stay in tables of their own.
 */
function tableSuffix(app: string): string {
  if (plain.test(app) && app.length <= longest && app !== overflow) return app.replaceAll('-', '_')
  const readable = app
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '_')
    .slice(0, longest)
  const hash = createHash('sha256').update(app).digest('hex').slice(0, 8)
  return `${readable}__${hash}`
}
