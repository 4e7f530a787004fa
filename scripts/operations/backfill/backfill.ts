import type { DeployedSource } from '../../../functions/config/schema.ts'
import { route } from '../../../functions/finalize/route.ts'
import { landingPath, liveLane } from '../../../functions/model/landing-name.ts'
import { sourceUri } from '../../../functions/model/object.ts'
import { CommandError } from '../../commands/command-error.ts'
import { sourceNamed } from '../../commands/input-files.ts'
import type { StageCount } from '../../terminal/progress.ts'
import { stillTried } from '../announce.ts'
import { awaitRecords, recordsNow } from '../await-records.ts'
import type { Evidence } from '../evidence/evidence.ts'
import { type KeyGroup, KeyGroups } from '../evidence/key-groups.ts'
import { recordedObjects } from '../evidence/loaded-objects.ts'
import { inventoriedObjects } from '../evidence/s3-inventory.ts'
import { isArchived, listedObjects } from '../evidence/s3-listing.ts'
import { type Window, windowOf } from '../evidence/window.ts'
import { batchesIn, NdjsonFile } from '../ndjson-file.ts'
import type { Plan, Report } from '../operate.ts'
import type { Target } from '../target.ts'
import { copyBatch } from './copy-batch.ts'

export interface BackfillOptions {
  readonly from?: string
  readonly to?: string
  /** What keys begin with. */
  readonly prefix?: string
  readonly inventory?: readonly string[]
  /** Whose instances load the objects. */
  readonly lane: string
  /** Objects a batch: one transfer job copies them, and the next begins when they are loaded. */
  readonly batch: number
}

/** An object that is to be loaded. */
interface Wanted {
  readonly uri: string
  readonly key: string
  readonly etag: string
}

/** What becomes of the objects that S3 has. */
interface Sorted {
  readonly wanted: number
  readonly bytes: number
  readonly loaded: number
  readonly quarantined: number
  readonly pastLedger: number
  readonly archived: readonly string[]
}

/** Archived objects that are named; the others are counted. */
const named = 20

/**
 * Loads what is in S3 and not loaded yet, by transfer jobs that copy it to a lane of its own: its instances are not those
 * that load what is uploaded now. Stopped and begun again it goes on, on any machine: what is on record is left out.
 */
export async function planBackfill(
  target: Target,
  name: string,
  options: BackfillOptions,
  files: { readonly wanted: string },
): Promise<Plan> {
  const { bridge } = target
  const source = sourceNamed(bridge, name)
  if (options.lane !== liveLane && !Object.hasOwn(bridge.google.lanes, options.lane))
    throw new CommandError(
      `there is no lane ${options.lane}: add google.lanes.${options.lane} = {} to bridge.config.ts and deploy, or say --lane ${liveLane} to load beside what is uploaded now`,
    )
  const window = windowOf(options, { from: '1970-01-01', to: '0m' }, Date.now())
  const sorted = await sort(target, source, options, window, files.wanted)
  const { wanted, bytes, loaded, quarantined, pastLedger, archived } = sorted
  return {
    figures: {
      'objects to load': wanted,
      'bytes to copy': bytes,
      'transfer jobs': Math.ceil(wanted / options.batch),
      'loaded already': loaded,
      ...(quarantined > 0 && { 'quarantined: see replay': quarantined }),
      ...(pastLedger > 0 && { 'older than the ledger remembers': pastLedger }),
      ...(archived.length > 0 && { 'in an archive class: restore them first': archived.length }),
    },
    todo: wanted,
    details: archived.slice(0, named).map((uri) => `${uri}: in an archive class`),
    run: (show) => load(target, source, options, { file: files.wanted, total: wanted }, show),
  }
}

async function sort(
  { bridge, clients, stream }: Target,
  source: DeployedSource,
  { inventory, prefix = source.prefix }: BackfillOptions,
  window: Window,
  file: string,
): Promise<Sorted> {
  if (!prefix.startsWith(source.prefix))
    throw new CommandError(`--prefix ${prefix}: keys of ${source.name} begin with ${source.prefix}`)
  const groups = new KeyGroups()
  const wanted = new NdjsonFile(file)
  const sorted = { wanted: 0, bytes: 0, loaded: 0, quarantined: 0, pastLedger: 0, archived: [] as string[] }
  try {
    const objects = inventory
      ? inventoriedObjects(clients.s3, inventory)
      : listedObjects(clients.s3, source, prefix)
    for await (const found of objects) {
      const to = route(bridge, found)
      if (to.kind === 'source' && to.source.name === source.name && found.key.startsWith(prefix))
        await groups.add(found)
    }
    for await (const found of recordedObjects(stream, bridge, { source, prefix, from: 0 }))
      await groups.add(found)
    const { ledgerDays } = bridge.google
    const remembered = ledgerDays === undefined ? 0 : Date.now() - (ledgerDays - 1) * 86_400_000
    for await (const group of groups.groups()) {
      const s3 = group.evidence.find((one) => one.of === 's3')
      if (!s3 || s3.bytes === 0 || group.key.endsWith('/')) continue
      if (s3.uploadedAt < window.from || s3.uploadedAt >= window.to) continue
      const outcome = outcomeOf(group, s3.etag)
      if (outcome === 'committed' || outcome === 'ignored') sorted.loaded += 1
      else if (outcome === 'quarantined') sorted.quarantined += 1
      else if (isArchived(s3)) sorted.archived.push(sourceUri(group))
      else if (s3.uploadedAt < remembered) sorted.pastLedger += 1
      else {
        sorted.wanted += 1
        sorted.bytes += s3.bytes
        const object: Wanted = { uri: sourceUri(group), key: group.key, etag: s3.etag }
        await wanted.add(object)
      }
    }
    return sorted
  } finally {
    await wanted.close()
    await groups.remove()
  }
}

function outcomeOf({ evidence }: KeyGroup, etag: string): string | undefined {
  const records = evidence.filter((one): one is Extract<Evidence, { of: 'record' }> => one.of === 'record')
  return records.find((record) => record.etag === etag)?.outcome
}

/** Copies a batch, waits until it is loaded, and only then copies the next: what waits is never more than one. */
async function load(
  target: Target,
  source: DeployedSource,
  { lane, batch }: BackfillOptions,
  wanted: { readonly file: string; readonly total: number },
  show: (stages: readonly StageCount[]) => void,
): Promise<Report> {
  const left: string[] = []
  const outcomes: Record<string, number> = { committed: 0 }
  let [copied, onRecord] = [0, 0]
  const showNow = () =>
    show([
      { stage: 'copied', count: copied, total: wanted.total },
      { stage: 'on record', count: onRecord, total: wanted.total },
    ])
  for await (const objects of batchesIn<Wanted>(wanted.file, batch)) {
    showNow()
    const since = await recordsNow(target)
    const keys = objects.map(({ key }) => key)
    await copyBatch(target, source, { keys, path: `${landingPath(lane)}${source.bucket}/` })
    copied += objects.length
    const unheard = await awaitRecords(target, objects, since, ({ uri }, { outcome, reason, detail }) => {
      outcomes[outcome] = (outcomes[outcome] ?? 0) + 1
      onRecord += 1
      if (outcome !== 'committed' && outcome !== 'ignored')
        left.push(`${uri} is ${outcome} (${reason}): ${detail}`)
      showNow()
    })
    left.push(...unheard.map(stillTried))
  }
  return { figures: { ...outcomes, 'still left': left.length }, left }
}
