import type { Source } from '../config/schema.ts'
import { formats } from '../parse/formats.ts'

/** How the rows of one object find their app. */
export interface AppFinder {
  /** Columns or paths whose first value the parser reports; empty when the parser is not asked. */
  readonly fields: readonly string[]
  /** The column whose value counts as reported, of formats that have nothing but columns. */
  readonly column?: string
  /** The app, given what the parser reported for a row. */
  find(reported: string | undefined): string
}

/** More distinct values than this are not remembered. */
const remembered = 10_000

/** The source's rule for the app, or its format's, for one object. */
export function appFinder(source: Pick<Source, 'app' | 'format' | 'defaultApp'>, key: string): AppFinder {
  const format = formats[source.format]
  // A function has its turn later: until then a row is of the default app.
  if (typeof source.app === 'function') return { fields: [], find: () => source.defaultApp }
  const rule = source.app ?? format.app
  if ('key' in rule) {
    const app = extract(key, rule.key) ?? source.defaultApp
    return { fields: [], find: () => app }
  }
  const known = new Map<string, string>()
  const find = (reported: string | undefined): string => {
    if (reported === undefined) return source.defaultApp
    const before = known.get(reported)
    if (before !== undefined) return before
    const app = rule.match ? (extract(reported, rule.match) ?? reported) : reported
    if (known.size < remembered) known.set(reported, app)
    return app
  }
  if ('fields' in rule) return { fields: rule.fields, find }
  return format.fixed ? { fields: [], column: rule.field, find } : { fields: [rule.field], find }
}

/** The first group that took part, or the whole match; undefined without a match or with an empty one. */
function extract(text: string, expression: RegExp): string | undefined {
  const match = new RegExp(expression.source, expression.flags.replace(/[gy]/g, '')).exec(text)
  return (match?.slice(1).find((group) => group !== undefined) ?? match?.[0]) || undefined
}
