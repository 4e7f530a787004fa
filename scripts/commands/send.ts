import { readFile } from 'node:fs/promises'
import { messageOf } from '../../functions/model/failure.ts'
import { pointClientsAt } from '../settings.ts'
import { formatCount } from '../terminal/count.ts'
import { Progress } from '../terminal/progress.ts'
import { table } from '../terminal/table.ts'
import { queryRunner, type RunQuery } from './bigquery.ts'
import { CommandError } from './command-error.ts'
import type { CommandContext } from './context.ts'
import { keysFor } from './given-files.ts'
import type { InputFile } from './input-files.ts'
import { lastTrouble } from './last-trouble.ts'
import { s3Client, type Upload, type Uploaded, uploadTo } from './uploads.ts'
import { type ObjectResult, waitForObjects } from './wait-for-objects.ts'

/** Uploads under way at once. */
const concurrency = 8

/** What was sent and what became of it. */
export interface Sent {
  readonly uploads: readonly Uploaded[]
  readonly results: readonly ObjectResult[]
  readonly run: RunQuery
}

/** Uploads objects to a running bridge and waits until all are on record, showing how far they are. */
export async function send(
  context: CommandContext,
  environment: Readonly<Record<string, string>>,
  objects: readonly Upload[],
  landed: () => number = () => 0,
): Promise<Sent> {
  pointClientsAt(environment)
  const run = queryRunner(context)
  const client = s3Client(context.bridge, environment)
  const progress = new Progress({ stream: process.stderr, terminal: context.err, now: Date.now })
  const total = objects.length
  let uploaded = 0
  const show = (loaded: number) =>
    progress.show([
      { stage: 'uploaded', count: uploaded, total },
      { stage: 'transferred', count: Math.max(landed(), loaded), total },
      { stage: 'loaded', count: loaded, total },
    ])
  try {
    const uploads = await mapLimited(objects, async (object) => {
      const done = await uploadTo(client, object)
      uploaded += 1
      show(0)
      return done
    })
    const hint = () => `${lastTrouble(context.state.functionLog)}\nMore is in ${context.state.functionLog}`
    return { uploads, results: await waitForObjects(context.bridge, run, uploads, show, hint), run }
  } catch (error) {
    if (error instanceof CommandError) throw error
    throw new CommandError(`the bridge could not be used: ${messageOf(error)}`, error)
  } finally {
    progress.done()
    client.destroy()
  }
}

/** The uploads of files, each under a key of its source. */
export function uploadsOf(files: readonly InputFile[]): Upload[] {
  const bySource = Map.groupBy(files, ({ source }) => source)
  return [...bySource].flatMap(([source, same]) => {
    const keys = keysFor(same, source)
    return same.map(({ path }, index) => ({ source, key: keys[index] ?? path, read: () => readFile(path) }))
  })
}

/** What became of each object, one line each. */
export function resultsTable(context: CommandContext, results: readonly ObjectResult[]): string {
  const rows = results
    .toSorted((a, b) => a.uri.localeCompare(b.uri))
    .map((one) => [one.source, one.uri, one.outcome, one.linesRead, one.written, one.filtered, one.rejected])
  return table(['source', 'object', 'outcome', 'lines', 'rows', 'filtered', 'rejected'], rows, context.out)
}

/** Sentences about objects that did not load, with what to do. Empty when all did. */
export function troubles(results: readonly ObjectResult[]): string[] {
  return results
    .filter(({ outcome }) => outcome !== 'committed')
    .map(({ uri, outcome, reason, detail }) => `${uri} was ${outcome} (${reason}): ${detail}`)
}

/** `12 objects, 3,456 lines: 3,400 rows, 6 filtered, 50 rejected` */
export function sumLine(results: readonly ObjectResult[]): string {
  const sum = (of: (one: ObjectResult) => number) =>
    formatCount(results.reduce((total, one) => total + of(one), 0))
  return (
    `${formatCount(results.length)} objects, ${sum((one) => one.linesRead)} lines: ${sum((one) => one.written)} rows, ` +
    `${sum((one) => one.filtered)} filtered, ${sum((one) => one.rejected)} rejected`
  )
}

async function mapLimited<T, R>(items: readonly T[], work: (item: T) => Promise<R>): Promise<R[]> {
  const results: R[] = new Array(items.length)
  let next = 0
  const worker = async () => {
    for (let index = next++; index < items.length; index = next++)
      results[index] = await work(items[index] as T)
  }
  await Promise.all(Array.from({ length: Math.min(concurrency, items.length) }, worker))
  return results
}
