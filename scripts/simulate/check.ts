import type { Message } from './delivery.ts'
import type { SimulatedObject } from './draw-object.ts'
import type { Servers } from './instance.ts'
import { isOnEndedStream, nameOf, recordsOf, sealedAt, viewOf, visibleLines } from './object-facts.ts'
import type { Copy, Scenario } from './scenario.ts'
import type { SeenRow } from './seen-lines.ts'

/** What is left when a run has come to rest. */
export interface Verdict {
  /** Lines that are not where they must be, and that are there more than once. */
  readonly lost: number
  readonly duplicated: number
  /** Objects whose copies were gone before they were loaded, rightly given up. */
  readonly missed: number
  /** Lines that were sealed, on streams that somebody ended before they were flushed. */
  readonly pastSaving: number
  /** Everything wrong, a sentence each. Empty when all is well. */
  readonly faults: readonly string[]
}

/** Checks everything that must hold when a run has come to rest. */
export function check(scenario: Scenario, messages: readonly Message[], servers: Servers): Verdict {
  const copiesOf = Map.groupBy(scenario.copies, ({ object }) => object)
  const { faults, ...counts } = checkLines(copiesOf, servers)
  for (const [object, copies] of copiesOf) faults.push(...checkRecords(object, copies, servers))
  for (const { id, acknowledged, broke } of messages) {
    if (broke) faults.push(`${id}: load threw ${broke instanceof Error ? broke.stack : String(broke)}`)
    else if (!acknowledged) faults.push(`${id} was never acknowledged`)
  }
  const made = servers.write.mostStreamsAnHour
  if (made > scenario.streamShare)
    faults.push(`a process made ${made} streams in an hour, its share is ${scenario.streamShare}`)
  return { ...counts, faults }
}

/** Counts every line: each of an object that loads is in one place once, and no other is anywhere. */
function checkLines(copiesOf: ReadonlyMap<SimulatedObject, readonly Copy[]>, servers: Servers) {
  const rows = new Map(servers.write.seen.rows)
  const rejects = new Map(servers.write.seen.rejects)
  const result = { lost: 0, duplicated: 0, missed: 0, pastSaving: 0, faults: [] as string[] }
  const unflushed = servers.write.streams.endedTokens('unflushed')
  const expectOnce = (
    tokens: readonly string[],
    counts: Map<string, number>,
    where: string,
    isSealed: boolean,
  ) => {
    for (const token of tokens) {
      const count = counts.get(token) ?? 0
      counts.delete(token)
      if (count === 1) continue
      if (count === 0 && isSealed && unflushed.has(token)) {
        result.pastSaving += 1
        continue
      }
      if (count === 0) result.lost += 1
      else result.duplicated += 1
      result.faults.push(`line ${token} is ${count} times in ${where}`)
    }
  }
  for (const [object, copies] of copiesOf) {
    if (object.fate !== 'loads') continue
    const isSealed = sealedAt(object, servers) !== undefined
    if (isMissed(object, copies, servers)) result.missed += 1
    else {
      expectOnce(object.good, rows, 'the tables', isSealed)
      expectOnce(object.bad, rejects, 'rejects', isSealed)
    }
  }
  for (const token of [...rows.keys(), ...rejects.keys()])
    result.faults.push(`line ${token} is where none may be`)
  return result
}

/** Whether an object could be given up: none of its copies is there any more, and no group that counts holds it. */
function isMissed(object: SimulatedObject, copies: readonly Copy[], servers: Servers): boolean {
  if (sealedAt(object, servers) !== undefined) return false
  if (copies.some((copy) => servers.landing.holds(copy))) return false
  return viewOf(object, servers)?.['reason'] === 'object_missing'
}

/** What the view says of an object is where its lines are; every record of it is one it can have. */
function checkRecords(object: SimulatedObject, copies: readonly Copy[], servers: Servers): string[] {
  const name = nameOf(object)
  const seen = viewOf(object, servers)?.['outcome']
  if (seen === undefined) return [`object ${name} has no outcome on record`]
  const isLoaded = sealedAt(object, servers) !== undefined
  const faults: string[] = []
  if (isLoaded && object.fate !== 'loads') faults.push(`object ${name} is ${object.fate}, and sealed`)
  const wanted = wantedOutcomes(object, copies, servers)
  if (!wanted.includes(String(seen)))
    faults.push(`object ${name} is recorded as ${seen}, not ${wanted.join(' or ')}`)
  for (const record of recordsOf(object, servers))
    faults.push(...checkRecord(record, object, copies, servers))
  return faults
}

/** What the view may say of an object. Whoever flushes a stream that was ended is not told what was flushed before. */
function wantedOutcomes(
  object: SimulatedObject,
  copies: readonly Copy[],
  servers: Servers,
): readonly string[] {
  // Revisions before the outcome `missing` say quarantined of it.
  if (object.fate !== 'loads' || isMissed(object, copies, servers)) return ['quarantined', 'missing']
  if (sealedAt(object, servers) === undefined || !isOnEndedStream(object, servers)) return ['committed']
  return visibleLines(object, servers) === 'all' ? ['committed', 'quarantined'] : ['quarantined']
}

function checkRecord(
  record: SeenRow,
  object: SimulatedObject,
  copies: readonly Copy[],
  servers: Servers,
): string[] {
  const { landing } = servers
  const name = nameOf(object)
  if (record['outcome'] === 'committed') return checkCounts(record, object)
  const recorded = `object ${name} is recorded as ${record['outcome']}: ${record['reason']} ${record['detail']}`
  if (record['reason'] === 'object_missing') {
    const copy = copies.find(({ generation }) => String(generation) === record['generation'])
    return copy && !landing.holds(copy) ? [] : [recorded]
  }
  if (record['outcome'] !== 'quarantined') return [recorded]
  if (object.fate !== 'loads') return []
  return record['reason'] === 'commit_refused' && isOnEndedStream(object, servers) ? [] : [recorded]
}

function checkCounts(record: SeenRow, { key, lines, good, bad }: SimulatedObject): string[] {
  const counted = { lines_read: lines, rows_written: good.length, rows_rejected: bad.length }
  return Object.entries(counted).flatMap(([column, count]) =>
    Number(record[column] ?? 0n) === count ? [] : [`object ${key} is recorded with a wrong ${column}`],
  )
}
