import { objectHash } from '../../../functions/commit/ledger.ts'
import type { DeployedSource } from '../../../functions/config/schema.ts'
import { route } from '../../../functions/finalize/route.ts'
import { sourceUri } from '../../../functions/model/object.ts'
import { Semaphore } from '../../../functions/model/semaphore.ts'
import { CommandError } from '../../commands/command-error.ts'
import { sourceNamed } from '../../commands/input-files.ts'
import type { StageCount } from '../../terminal/progress.ts'
import { stillTried } from '../announce.ts'
import { awaitRecords, recordsNow } from '../await-records.ts'
import type { Found } from '../evidence/evidence.ts'
import { KeyGroups } from '../evidence/key-groups.ts'
import { landingCopies } from '../evidence/landing-copies.ts'
import { standingOf } from '../evidence/ledger-standing.ts'
import { countedRejects, countedRows, recordedObjects } from '../evidence/loaded-objects.ts'
import { inventoriedObjects } from '../evidence/s3-inventory.ts'
import { listedObjects } from '../evidence/s3-listing.ts'
import { type Window, windowOf } from '../evidence/window.ts'
import { batchesIn, NdjsonFile } from '../ndjson-file.ts'
import type { Figures, Plan, Report } from '../operate.ts'
import type { Target } from '../target.ts'
import { type Cause, causes, type Difference, judge } from './judge.ts'
import { reconciliationTable } from './reconciliation-table.ts'
import { repair } from './repair.ts'
import { waitingEvents } from './waiting-events.ts'

export interface ReconcileOptions {
  readonly source?: string
  readonly from?: string
  readonly to?: string
  /** What keys begin with. */
  readonly prefix?: string
  /** Inventories to take S3's part from, instead of a listing. */
  readonly inventory?: readonly string[]
  /** False: rows are not counted, which reads three columns of every table. */
  readonly rows?: boolean
  /** A file that gets every difference, as JSON lines. */
  readonly out?: string
  /** Write the result down, without --yes too. */
  readonly record?: boolean
  readonly yes?: boolean
}

/** What a person sees of the differences; all of them go to the file of --out. */
const shown = 50
/** Announced and not yet on record, at once; and calls. */
const [batch, atOnce] = [200, 16]

/**
 * Compares what is in S3 with the landing bucket, the ledger, the record of objects and the tables, and names why anything
 * is not where it should be. Its `run` mends what can be mended.
 */
export async function planReconcile(
  target: Target,
  options: ReconcileOptions,
  files: { readonly differences: string },
): Promise<Plan> {
  const now = Date.now()
  const window = windowOf(options, { from: '2d', to: '15m' }, now)
  const compared = await compare(target, options, window, files.differences)
  const { fine, counts, examples } = compared
  const total = [...counts.values()].reduce((sum, count) => sum + count, 0)
  const record = (repaired: number, left: number) =>
    target.record(reconciliationTable(target.bridge), [
      {
        started_at: now * 1000,
        finished_at: Date.now() * 1000,
        window_from: window.from * 1000,
        window_to: window.to * 1000,
        source: options.source,
        objects: fine + total,
        differences: JSON.stringify(Object.fromEntries(counts)),
        difference_count: total,
        repaired,
        left_over: left,
      },
    ])
  const waiting = counts.has('not_announced') ? await waitingEvents(target, sourcesOf(target, options)) : []
  if (options.record && !options.yes) await record(0, total)
  return {
    figures: { 'as they should be': fine, ...Object.fromEntries(counts) },
    todo: total,
    details: [
      ...waiting,
      ...[...counts.keys()].map((cause) => `${cause}: ${causes[cause]}`),
      ...examples.map(({ cause, detail, ...object }) => `${sourceUri(object)}: ${cause}, ${detail}`),
      ...(total > examples.length ? [`and ${total - examples.length} more`] : []),
    ],
    run: async (show) => {
      const report = await repairAll(target, files.differences, total, show)
      await record(report.figures['repaired'] ?? 0, report.left.length)
      return report
    },
  }
}

interface Compared {
  readonly fine: number
  readonly counts: ReadonlyMap<Cause, number>
  readonly examples: readonly Difference[]
}

/** Gathers evidence source by source, judges each key, and writes the differences to a file. */
async function compare(
  target: Target,
  options: ReconcileOptions,
  window: Window,
  file: string,
): Promise<Compared> {
  const { ledgerStore } = target
  const groups = new KeyGroups()
  const differences = new NdjsonFile(file)
  try {
    for await (const found of evidence(target, options, window)) if (!isEmpty(found)) await groups.add(found)
    const judging = {
      ...window,
      counted: options.rows !== false,
      current: !options.inventory,
      standing: (object: Parameters<typeof objectHash>[0]) => standingOf(ledgerStore, objectHash(object)),
    }
    let fine = 0
    const counts = new Map<Cause, number>()
    const examples: Difference[] = []
    for await (const group of groups.groups()) {
      const judged = await judge(group, judging)
      fine += judged.fine
      for (const difference of judged.differences) {
        counts.set(difference.cause, (counts.get(difference.cause) ?? 0) + 1)
        if (examples.length < shown) examples.push(difference)
        await differences.add(difference)
      }
    }
    return { fine, counts: inOrder(counts), examples }
  } finally {
    await differences.close()
    await groups.remove()
  }
}

/** In the order of the way that an object takes. */
function inOrder(counts: ReadonlyMap<Cause, number>): ReadonlyMap<Cause, number> {
  const causesInOrder = Object.keys(causes) as Cause[]
  return new Map(
    causesInOrder.flatMap((cause) => (counts.has(cause) ? [[cause, counts.get(cause) ?? 0]] : [])),
  )
}

/** Empty objects and directories are never loaded. */
function isEmpty({ key, evidence: found }: Found): boolean {
  return key === '' || key.endsWith('/') || ('bytes' in found && found.bytes === 0)
}

async function* evidence(target: Target, options: ReconcileOptions, { from }: Window): AsyncGenerator<Found> {
  const { bridge, clients, stream, transferLog } = target
  const sources = sourcesOf(target, options)
  /** What is found at a place of several sources is of the one that takes the object. */
  async function* of(own: readonly DeployedSource[], all: AsyncIterable<Found>): AsyncGenerator<Found> {
    for await (const found of all) {
      const to = route(bridge, found)
      if (to.kind === 'source' && own.includes(to.source) && found.key.startsWith(options.prefix ?? ''))
        yield found
    }
  }
  if (options.inventory) yield* of(sources, inventoriedObjects(clients.s3, options.inventory))
  yield* of(sources, transferLog(from))
  for (const source of sources) {
    const prefix = prefixIn(source, options.prefix)
    const since = { source, prefix, from }
    if (!options.inventory) yield* of([source], listedObjects(clients.s3, source, prefix))
    yield* of([source], landingCopies(clients.storage, bridge.google.landingBucket, source, prefix))
    yield* of([source], recordedObjects(stream, bridge, since))
    if (options.rows === false) continue
    yield* of([source], countedRows(stream, bridge, since))
    yield* of([source], countedRejects(stream, bridge, since))
  }
}

function sourcesOf({ bridge }: Target, { source }: ReconcileOptions): readonly DeployedSource[] {
  return source === undefined ? bridge.sources : [sourceNamed(bridge, source)]
}

/** @throws CommandError when the source has no key with that prefix. */
function prefixIn({ name, prefix: own }: DeployedSource, wanted = ''): string {
  if (wanted.startsWith(own)) return wanted
  if (own.startsWith(wanted)) return own
  throw new CommandError(`--prefix ${wanted}: source ${name} has keys that begin with ${own}: say --source`)
}

type OnItsWay = Difference & { readonly uri: string }

async function repairAll(
  target: Target,
  file: string,
  total: number,
  show: (stages: readonly StageCount[]) => void,
): Promise<Report> {
  const left: string[] = []
  const kinds: Record<string, number> = { repaired: 0 }
  const count = (kind: string) => {
    kinds[kind] = (kinds[kind] ?? 0) + 1
  }
  const calls = new Semaphore(atOnce)
  let seen = 0
  const showNow = () =>
    show([
      { stage: 'differences', count: seen, total },
      { stage: 'repaired', count: kinds['repaired'] ?? 0 },
    ])
  for await (const differences of batchesIn<Difference>(file, batch)) {
    const waiting: OnItsWay[] = []
    const since = await recordsNow(target)
    const mend = async (difference: Difference) => {
      const uri = sourceUri(difference)
      const repaired = await repair(target, sourceOf(target, difference), difference)
      seen += 1
      if (repaired.kind === 'announced') waiting.push({ ...difference, uri, etag: repaired.etag })
      else if (repaired.kind === 'recorded') {
        count('repaired')
        count('recorded as missing')
      } else left.push(`${uri}: ${difference.cause}, ${difference.detail}: ${repaired.why}`)
      showNow()
    }
    await Promise.all(differences.map((difference) => calls.holding(1, () => mend(difference))))
    const unheard = await awaitRecords(target, waiting, since, ({ uri }, { outcome, reason, detail }) => {
      if (outcome === 'quarantined') left.push(`${uri} is quarantined now (${reason}): ${detail}`)
      else count('repaired')
      count(outcome)
      showNow()
    })
    left.push(...unheard.map(stillTried))
  }
  return { figures: { ...kinds, 'still left': left.length } satisfies Figures, left }
}

function sourceOf({ bridge }: Target, object: Difference): DeployedSource {
  const found = route(bridge, object)
  if (found.kind === 'source') return found.source
  throw new CommandError(`${sourceUri(object)} belongs to no source`)
}
