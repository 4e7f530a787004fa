import { CommandError } from '../../commands/command-error.ts'
import type { ComparedTables } from './compared-tables.ts'

/** A column of the bridge's tables, and the one that has the same values in the other's. Names in lower case. */
export interface ColumnPair {
  readonly ours: string
  readonly theirs: string
}

/** Of the bridge alone: another pipeline has no such values. */
const bridgesOwn: ReadonlySet<string> = new Set([
  'source_uri',
  'source_etag',
  'source_line',
  'loaded_at',
  'rest',
])

/**
 * Which columns are compared: those of the same name, and those that are mapped: `ours=theirs`.
 * @throws CommandError for a column that is not there, and when none is the same.
 */
export function columnPairs(
  ours: ComparedTables,
  theirs: ComparedTables,
  mapping: readonly string[],
): ColumnPair[] {
  const mapped = mapping.map((pair) => {
    const [our = '', their = '', more] = pair.toLowerCase().split('=')
    if (our === '' || their === '' || more !== undefined)
      throw new CommandError(`--map takes ours=theirs, such as message=msg, not ${pair}`)
    return { ours: columnIn(ours, our), theirs: columnIn(theirs, their) }
  })
  const taken = new Set(mapped.flatMap((pair) => [`o ${pair.ours}`, `t ${pair.theirs}`]))
  const same = [...ours.columns.keys()].filter(
    (name) =>
      theirs.columns.has(name) && !bridgesOwn.has(name) && !taken.has(`o ${name}`) && !taken.has(`t ${name}`),
  )
  const pairs = [...same.map((name) => ({ ours: name, theirs: name })), ...mapped]
  if (pairs.length === 0)
    throw new CommandError(
      `${ours.path} and ${theirs.path} have no column of the same name: say which are, with --map ours=theirs`,
    )
  return pairs.sort((a, b) => a.ours.localeCompare(b.ours))
}

function columnIn({ path, columns }: ComparedTables, name: string): string {
  if (columns.has(name)) return name
  throw new CommandError(`${path} has no column ${name}: it has ${[...columns.keys()].join(', ')}`)
}
