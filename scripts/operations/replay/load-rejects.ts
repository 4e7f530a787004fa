import { setTimeout as wait } from 'node:timers/promises'
import { resolveTaken } from '../../../functions/commit/group.ts'
import type { Free, Taken } from '../../../functions/commit/ledger.ts'
import type { ObjectLogRow } from '../../../functions/commit/object-table.ts'
import type { DeployedSource } from '../../../functions/config/schema.ts'
import { route } from '../../../functions/finalize/route.ts'
import type { LoadTools } from '../../../functions/load-tools.ts'
import type { LandedObject } from '../../../functions/model/object.ts'
import { openObject } from '../../../functions/parse/open-object.ts'
import { type ObjectCounts, ObjectRows } from '../../../functions/split/object-rows.ts'
import { type LogSource, logSource } from '../../../functions/split/tables/log-source.ts'
import type { Target } from '../target.ts'
import { type Attempt, attemptAt } from './attempts.ts'
import { type OpenLines, openLinesOf, type WithRejects } from './open-rejects.ts'
import type { Chosen } from './quarantined.ts'
import { marksOf } from './resolved-rejects.ts'

/** What came of the lines of one object. */
export interface Replayed {
  readonly tried: number
  readonly rows: number
  readonly filtered: number
  readonly rejected: number
}

/**
 * Reads the open lines of one object again, and loads those that are rows now. A try that was under way comes first.
 * @throws Failure, and Error where no source takes the object any more.
 */
export async function loadRejects(
  target: Target,
  tools: LoadTools,
  chosen: Chosen,
  object: WithRejects,
): Promise<Replayed> {
  const landed = landedOf(object)
  for (;;) {
    let texts: OpenLines | undefined
    const attempt = await attemptAt(target.ledgerStore, landed.source, async () => {
      texts = await openLinesOf(target, chosen, object)
      return [...texts.keys()]
    })
    if (!attempt) return nothing
    const standing = await standingSoon(tools, attempt.hash)
    if (standing.kind === 'free') {
      const lines = texts ?? (await openLinesOf(target, {}, object))
      const replayed = await loadAttempt({ target, tools, object, landed, attempt, lines }, standing.setAside)
      if (replayed) return replayed
    } else {
      // Sealed by a process that died, perhaps: then it is loaded, and what it did not take is open still.
      const result = await resolveTaken(attempt.hash, standing, tools.groupTools)
      if (result.kind === 'failed') throw result.error
    }
  }
}

const nothing: Replayed = { tried: 0, rows: 0, filtered: 0, rejected: 0 }

interface Work {
  readonly target: Target
  readonly tools: LoadTools
  readonly object: WithRejects
  readonly landed: LandedObject
  readonly attempt: Attempt
  readonly lines: OpenLines
}

/** Undefined when another process loaded it meanwhile. */
async function loadAttempt(work: Work, setAside: string | undefined): Promise<Replayed | undefined> {
  const { target, tools, object, landed, attempt, lines } = work
  const { objects, hashKey, learnedSchemas, groups } = tools.objectTools
  const source = sourceOf(target, landed)
  const startedAt = Date.now()
  const open = await openObject(objects.read(landed), landed.source.key, source)
  try {
    const chosen = {
      has: (line: number, bytes: Buffer) => {
        if (!attempt.lines.has(line) || !lines.has(line)) return false
        // Where its text is not kept, as in sources that redact, its number has to do.
        const text = lines.get(line)
        return text === undefined || text === bytes.toString()
      },
    }
    const inFormat = logSource(source, open.format)
    const { bridge } = target
    const rows = new ObjectRows(bridge, inFormat, landed.source, startedAt, hashKey, learnedSchemas, chosen)
    for await (const block of open.blocks) rows.add(block)
    const read = rows.finish()
    const resolved = rows.resolvedLines()
    const result = await groups.submit({
      hash: attempt.hash,
      setAside,
      bytes: rows.bytes,
      rows: [...rows.takeTables(), ...marksOf(bridge, { ...object, source: source.name }, resolved)],
      record: recordOf(work, inFormat, read, startedAt),
    })
    if (result.kind === 'failed') throw result.error
    if (result.kind === 'duplicate') return undefined
    const { counts } = read
    const rejected = attempt.lines.size - resolved.size
    return { tried: counts.read, rows: counts.written, filtered: counts.filtered, rejected }
  } finally {
    await open.close()
  }
}

/** The object's row of `object_log` for this try. */
function recordOf(
  { object, attempt }: Work,
  { name, format }: LogSource,
  { counts, shapeCounts, rowsByApp }: ObjectCounts,
  startedAt: number,
): ObjectLogRow {
  return {
    source: name,
    format,
    source_uri: object.uri,
    source_etag: object.etag,
    landing_uri: object.landing,
    generation: object.generation,
    message_id: attempt.hash,
    outcome: 'replayed',
    bytes: object.bytes,
    lines_read: counts.read,
    rows_written: counts.written,
    rows_filtered: counts.filtered,
    rows_rejected: counts.rejected,
    rows_extra: shapeCounts.extraRows,
    apps: JSON.stringify(Object.fromEntries(rowsByApp)),
    started_at: startedAt * 1000,
    revision: 'replay',
  }
}

/** Where the try stands, once a process that died at it has been dead for long enough to be taken for that. */
async function standingSoon(
  { groupTools: { ledger, leaseMs } }: LoadTools,
  hash: string,
): Promise<Taken | Free> {
  for (const until = Date.now() + leaseMs + 10_000; ; await wait(1_000)) {
    const standing = await ledger.look(hash)
    if (standing.kind !== 'busy' || Date.now() > until) return standing
  }
}

function sourceOf({ bridge }: Target, { source }: LandedObject): DeployedSource {
  const found = route(bridge, source)
  if (found.kind === 'source') return found.source
  throw new Error('no source of the configuration takes it any more')
}

function landedOf({ uri, etag, landing, generation, bytes, uploadedAt }: WithRejects): LandedObject {
  const [, bucket = '', key = ''] = /^s3:\/\/([^/]+)\/(.*)$/s.exec(uri) ?? []
  const [, landingBucket = '', name = ''] = /^gs:\/\/([^/]+)\/(.*)$/s.exec(landing) ?? []
  return {
    bucket: landingBucket,
    name,
    generation,
    bytes,
    landedAt: 0,
    source: { bucket, key, etag, ...(uploadedAt !== undefined && { uploadedAt }) },
  }
}
