import { appName, longestApp } from '../../model/app-name.ts'
import { namesApps } from '../../model/column.ts'
import { Failure, messageOf } from '../../model/failure.ts'
import { withinTime } from '../../model/time-limit.ts'
import { UserError } from '../../model/user-error.ts'
import { formats } from '../../parse/formats.ts'
import type { LogSource } from '../tables/log-source.ts'
import { ownText } from './own-text.ts'

/** How the rows of one object find their app. */
export interface AppFinder {
  /** Columns or paths whose first value the parser reports; empty when the parser is not asked. */
  readonly fields: readonly string[]
  /** The column whose value counts as reported, of formats that have nothing but columns. */
  readonly column?: string
  /** Whether finding takes an expression of the source's, which may never return: see LineLimit. */
  readonly limited: boolean
  /**
   * The app, given what the parser reported for a row: never longer than `appName` makes it.
   * @throws UserError when an expression of the source's fails.
   */
  nameOf(reported: string | undefined): string
}

/** At most so many distinct values are remembered, none longer than an app's name may be: logs may hold any. */
const remembered = 10_000
/** The longest an expression may take over a key, in milliseconds: far beyond any pause of the machine. */
const keyMillis = 1000

/**
 * The source's rule for the app, or its format's, for one object.
 * @throws Failure when the source's expression on the key does not return.
 */
export function appFinder(source: Pick<LogSource, 'app' | 'format' | 'defaultApp'>, key: string): AppFinder {
  const format = formats[source.format]
  // A function runs later: until then a row has the default app.
  if (typeof source.app === 'function') return { fields: [], limited: false, nameOf: () => source.defaultApp }
  const rule = source.app ?? format.app
  if ('key' in rule) {
    const app = appName(fromKey(key, rule.key) ?? source.defaultApp)
    return { fields: [], limited: false, nameOf: () => app }
  }
  const known = new Map<string, string>()
  const nameOf = (reported: string | undefined): string => {
    if (reported === undefined) return source.defaultApp
    const before = known.get(reported)
    if (before !== undefined) return before
    const app = appName((rule.match && extract(reported, rule.match)) ?? reported)
    if (known.size < remembered && reported.length <= longestApp) known.set(ownText(reported), ownText(app))
    return app
  }
  if ('fields' in rule) return { fields: rule.fields, limited: false, nameOf }
  const limited = rule.match !== undefined
  // Objects of a source may come in several formats. This one may lack the column, or use it for something else.
  const column = format.columns.find(({ name }) => name === rule.field)
  if (column ? !namesApps(column) : format.fixed) return { fields: [], limited, nameOf }
  return format.fixed
    ? { fields: [], column: rule.field, limited, nameOf }
    : { fields: [rule.field], limited, nameOf }
}

/** Keys are of the sender's making, as lines are. */
function fromKey(key: string, expression: RegExp): string | undefined {
  let app: string | undefined
  const extracted = () => {
    app = extract(key, expression)
  }
  if (withinTime(keyMillis, extracted)) return app
  const what = `the expression of app.key did not return within ${keyMillis} ms and was cut off`
  throw new Failure('object', 'split', 'functions_stuck', `${what}: mend it and replay the object`)
}

/** The first group that took part, or the whole match; undefined without a match or with an empty one. */
function extract(text: string, expression: RegExp): string | undefined {
  const stateless = new RegExp(expression.source, expression.flags.replace(/[gy]/g, ''))
  const match = matchOf(text, stateless)
  return (match?.slice(1).find((group) => group !== undefined) ?? match?.[0]) || undefined
}

/** In a text of megabytes, backtracking can outgrow the stack. */
function matchOf(text: string, expression: RegExp): RegExpExecArray | null {
  try {
    return expression.exec(text)
  } catch (error) {
    throw new UserError(`the expression for the app failed: ${messageOf(error)}`)
  }
}
