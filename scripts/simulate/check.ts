import type { Message } from './delivery.ts'
import { bucket } from './instance.ts'
import type { Scenario, SimulatedObject } from './scenario.ts'
import type { SeenRow, WriteServer } from './write-server.ts'

/** Lines of one object that are not where they must be, and how often they are. */
export interface Verdict {
  readonly lost: number
  readonly duplicated: number
  /** Everything wrong, a sentence each. Empty when all is well. */
  readonly faults: readonly string[]
}

/** Where every line is now: how often each token is in a log table, and in rejects. */
export function countTokens(write: WriteServer): { rows: Map<string, number>; rejects: Map<string, number> } {
  const rows = new Map<string, number>()
  const rejects = new Map<string, number>()
  for (const table of write.tableNames()) {
    if (table.endsWith('.object_log')) continue
    const isRejects = table.endsWith('.rejects')
    for (const row of write.rowsOf(table)) {
      const token = isRejects ? String(row['raw_line']).replace('no JSON ', '') : String(row['message'])
      const counts = isRejects ? rejects : rows
      counts.set(token, (counts.get(token) ?? 0) + 1)
    }
  }
  return { rows, rejects }
}

/** Whether an object is wholly loaded and on record, by its server's tables and nothing else. */
export function isLoaded(object: SimulatedObject, write: WriteServer): boolean {
  const { rows, rejects } = countTokens(write)
  const present =
    object.good.every((token) => rows.has(token)) && object.bad.every((token) => rejects.has(token))
  return present && recordsOf(object, write).some((record) => record['outcome'] === 'committed')
}

/** The rows of `object_log` about an object. */
export function recordsOf(object: SimulatedObject, write: WriteServer): SeenRow[] {
  const uri = `s3://${bucket}/${object.key}`
  return write
    .rowsOf('causeway.object_log')
    .filter((record) => record['source_uri'] === uri && record['source_etag'] === object.etag)
}

/** Checks everything that must hold when a run has come to rest. */
export function check(scenario: Scenario, messages: readonly Message[], write: WriteServer): Verdict {
  const { rows, rejects } = countTokens(write)
  const objects = [...new Set(scenario.copies.map(({ object }) => object))]
  const faults: string[] = []
  let lost = 0
  let duplicated = 0
  const expectOnce = (tokens: readonly string[], counts: Map<string, number>, where: string) => {
    for (const token of tokens) {
      const count = counts.get(token) ?? 0
      counts.delete(token)
      if (count === 1) continue
      if (count === 0) lost += 1
      else duplicated += 1
      faults.push(`line ${token} is ${count} times in ${where}`)
    }
  }
  for (const object of objects) {
    if (object.fate === 'loads') {
      expectOnce(object.good, rows, 'the tables')
      expectOnce(object.bad, rejects, 'rejects')
    }
    faults.push(...checkRecords(object, recordsOf(object, write)))
  }
  for (const token of [...rows.keys(), ...rejects.keys()]) faults.push(`line ${token} is where none may be`)
  for (const { id, acknowledged, broke } of messages) {
    if (broke) faults.push(`${id}: load threw ${broke instanceof Error ? broke.stack : String(broke)}`)
    else if (!acknowledged) faults.push(`${id} was never acknowledged`)
  }
  if (write.mostStreamsAnHour > scenario.streamShare) {
    faults.push(
      `a process made ${write.mostStreamsAnHour} streams in an hour, its share is ${scenario.streamShare}`,
    )
  }
  return { lost, duplicated, faults }
}

function checkRecords(object: SimulatedObject, records: readonly SeenRow[]): string[] {
  const name = `${object.key} ${object.etag}`
  if (records.length === 0) return [`object ${name} has no outcome on record`]
  const wanted = object.fate === 'loads' ? 'committed' : 'quarantined'
  const wrong = records.filter((record) => record['outcome'] !== wanted)
  if (wrong.length > 0)
    return [`object ${name} is recorded as ${String(wrong[0]?.['outcome'])}, not ${wanted}`]
  if (object.fate !== 'loads') return []
  const counted = {
    lines_read: object.lines,
    rows_written: object.good.length,
    rows_rejected: object.bad.length,
  }
  return Object.entries(counted).flatMap(([column, count]) =>
    records.some((record) => Number(record[column] ?? 0n) !== count)
      ? [`object ${name} is recorded with a wrong ${column}`]
      : [],
  )
}
