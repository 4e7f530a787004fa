import { once } from 'node:events'
import type { FormatName } from '../../functions/parse/formats.ts'
import type { OpenObject, Reading } from '../../functions/parse/open-object.ts'
import { type ObjectCounts, ObjectRows } from '../../functions/split/object-rows.ts'
import type { TableRows } from '../../functions/split/table-rows.ts'
import { type LogSource, logSource } from '../../functions/split/tables/log-source.ts'
import { rejectTable } from '../../functions/split/tables/reject-table.ts'
import { rowDecoder } from '../preview/decode-row.ts'
import { FileSummary } from '../preview/file-summary.ts'
import { madeUpSource } from './added-source.ts'
import { CommandError } from './command-error.ts'
import type { CommandContext } from './context.ts'
import { givenFiles } from './given-files.ts'
import { type FileOptions, fileError, openFile, sourceNamed, sourceTaking } from './input-files.ts'

export interface PreviewOptions extends FileOptions {
  /** Counts instead of rows. */
  readonly summary?: boolean
}

/** Rows are shown in pieces of so many bytes, as encoded. */
const shownBytes = 64 * 1024

/** Hashes shown are of this key: the one they are stored with is a secret. */
const hashKey = 'preview'

/** Prints what files would become, through the very code that loads them: the encoded rows are read back. */
export async function preview(
  context: CommandContext,
  paths: readonly string[],
  options: PreviewOptions,
): Promise<number> {
  for (const stream of [process.stdout, process.stderr]) stream.on('error', endWithReader)
  const files = givenFiles(paths)
  let failed = false
  for (const { path } of files) {
    try {
      await show(context, path, options)
    } catch (error) {
      if (!(error instanceof CommandError)) throw error
      // The other files are shown all the same.
      process.stderr.write(`causeway: ${error.message}\n`)
      failed = true
    }
  }
  return failed ? 1 : 0
}

async function show(context: CommandContext, path: string, options: PreviewOptions): Promise<void> {
  const file = await openFile(path, readingSaid(context, options))
  try {
    const source = sourceFor(context, file.format, options)
    if (!options.summary) await readFile(context, path, file, source, print)
    else process.stdout.write(`${(await summaryOf(context, path, file, source)).text(context.out)}\n`)
  } catch (error) {
    throw fileError(path, error)
  } finally {
    await file.close()
  }
}

/** `| head` has seen enough. */
function endWithReader(error: NodeJS.ErrnoException): void {
  if (error.code !== 'EPIPE') throw error
  process.exit(0)
}

async function summaryOf(
  context: CommandContext,
  path: string,
  file: OpenObject,
  source: LogSource,
): Promise<FileSummary> {
  const summary = new FileSummary(path, source)
  const read = await readFile(context, path, file, source, async ({ table, rows }, rejected) => {
    const decode = rowDecoder(table.layout.columns)
    for (const row of rows) {
      if (rejected) summary.addReject(decode(row))
      else summary.addRow(`${table.dataset}.${table.name}`, decode(row))
    }
  })
  summary.finish(read)
  return summary
}

/** Takes rows of one table, or rejects. */
type Show = (rows: TableRows, rejected: boolean) => Promise<void>

async function readFile(
  context: CommandContext,
  path: string,
  file: OpenObject,
  source: LogSource,
  show: Show,
): Promise<ObjectCounts> {
  const object = { bucket: source.bucket, key: path, etag: 'preview' }
  const rows = new ObjectRows(context.bridge, source, object, Date.now(), hashKey)
  const rejects = rejectTable(context.bridge)
  const showTaken = async () => {
    for (const gathered of rows.takeTables()) await show(gathered, gathered.table.name === rejects.name)
  }
  for await (const block of file.blocks) {
    rows.add(block)
    if (rows.bytes > shownBytes) await showTaken()
  }
  await showTaken()
  return rows.finish()
}

async function print({ table, rows }: TableRows, rejected: boolean): Promise<void> {
  const decode = rowDecoder(table.layout.columns)
  const name = `${table.dataset}.${table.name}`
  const lines = rows.map((row) => `${JSON.stringify({ table: name, ...decode(row) })}\n`)
  const stream = rejected ? process.stderr : process.stdout
  if (!stream.write(lines.join(''))) await once(stream, 'drain')
}

/** How a file is read, as far as that need not be detected by its lines. */
function readingSaid({ bridge }: CommandContext, options: PreviewOptions): Reading {
  const { format, source } = options
  if (source !== undefined) {
    const named = sourceNamed(bridge, source)
    return { ...named, format: named.format ?? format }
  }
  return (format && sourceTaking(bridge, format, options)) ?? { format }
}

/** The source a file is previewed as: the user's, one that takes the file's format, or one made up for it. */
function sourceFor({ bridge }: CommandContext, format: FormatName, options: PreviewOptions): LogSource {
  if (options.source !== undefined) return logSource(sourceNamed(bridge, options.source), format)
  return logSource(sourceTaking(bridge, format, options) ?? madeUpSource(bridge, format), format)
}
