import { closeSync, createReadStream, openSync, readSync, statSync } from 'node:fs'
import { basename, dirname, join, resolve } from 'node:path'
import { Readable } from 'node:stream'
import type { Bridge, DeployedSource, Source } from '../../functions/config/schema.ts'
import { Failure, messageOf } from '../../functions/model/failure.ts'
import { decompress } from '../../functions/parse/decompress.ts'
import { detectFormat, detectParquet } from '../../functions/parse/detect.ts'
import { type FormatName, formatNames } from '../../functions/parse/formats.ts'
import { parquetColumns, parquetMagic } from '../../functions/parse/parquet.ts'
import { CommandError } from './command-error.ts'

/** A file of the user's, and what it is. */
export interface InputFile {
  readonly path: string
  readonly source: Source
}

/** What the user said of the files. */
export interface FileOptions {
  readonly format?: FormatName
  readonly source?: string
}

/** Compressed bytes looked at to tell a format. */
const headBytes = 256 * 1024

/** The format the user says, or the one the file is in. @throws CommandError when that cannot be told. */
export async function formatOf(path: string, options: FileOptions): Promise<FormatName> {
  if (options.format !== undefined) return options.format
  const head = await headOf(path)
  const columns = head.subarray(0, parquetMagic.length).equals(parquetMagic)
    ? await columnsOf(path)
    : undefined
  const format = columns ? detectParquet(columns) : detectFormat(head, path)
  if (format !== undefined) return format
  const what = columns ? `, Parquet with the columns ${columns.join(', ')}` : ''
  throw new CommandError(
    `cannot tell the format of ${path}${what}: say --format with one of ${formatNames.join(', ')}`,
  )
}

async function columnsOf(path: string): Promise<string[]> {
  try {
    return await parquetColumns(decompress(createReadStream(path)))
  } catch (error) {
    throw unreadable(path, error)
  }
}

/** The file's first lines, decompressed. @throws CommandError when it cannot be read. */
async function headOf(path: string): Promise<Buffer> {
  const chunks: Buffer[] = []
  try {
    for await (const chunk of decompress(Readable.from([readHead(path)]))) chunks.push(chunk)
  } catch (error) {
    // The head of a compressed file ends too soon by nature; what came before is what we want.
    if (!(error instanceof Failure)) throw unreadable(path, error)
  }
  return Buffer.concat(chunks)
}

function readHead(path: string): Buffer {
  checkReadable(path)
  const file = openSync(path, 'r')
  try {
    const head = Buffer.alloc(headBytes)
    return head.subarray(0, readSync(file, head))
  } finally {
    closeSync(file)
  }
}

/** @throws CommandError unless the path is a file that can be opened. */
export function checkReadable(path: string): void {
  try {
    if (!statSync(path).isFile()) throw new CommandError(`${path} is no file`)
    closeSync(openSync(path, 'r'))
  } catch (error) {
    throw unreadable(path, error)
  }
}

function unreadable(path: string, error: unknown): CommandError {
  return error instanceof CommandError
    ? error
    : new CommandError(`cannot read ${path}: ${messageOf(error)}`, error)
}

/** The source each file belongs to: as the user said, or the one whose format the file has. */
export async function sourcesOf(
  bridge: Bridge,
  paths: readonly string[],
  options: FileOptions,
): Promise<InputFile[]> {
  for (const path of paths) checkReadable(path)
  return Promise.all(paths.map(async (path) => ({ path, source: await sourceOf(bridge, path, options) })))
}

async function sourceOf(bridge: Bridge, path: string, options: FileOptions): Promise<Source> {
  if (options.source !== undefined) return sourceNamed(bridge, options.source)
  const format = await formatOf(path, options)
  const source = bridge.sources.find((candidate) => candidate.format === format)
  if (source) return source
  throw new CommandError(
    `${path} is ${format}, and no source in bridge.config.ts has that format: add one, or say --source`,
  )
}

/** @throws CommandError that lists the sources there are. */
export function sourceNamed(bridge: Bridge, name: string): DeployedSource {
  const source = bridge.sources.find((candidate) => candidate.name === name)
  if (source) return source
  throw new CommandError(
    `there is no source ${name}: bridge.config.ts has ${bridge.sources.map((one) => one.name).join(', ')}`,
  )
}

/** Keys for files: the source's prefix and the file's name, with folders before it only where two would be the same. */
export function keysFor(
  paths: readonly string[],
  { prefix, suffix }: Pick<Source, 'prefix' | 'suffix'>,
): string[] {
  const absolute = paths.map((path) => resolve(path))
  const nameAt = (path: string, depth: number): string =>
    depth === 0 ? basename(path) : join(nameAt(dirname(path), depth - 1), basename(path))
  let depth = 0
  while (new Set(absolute.map((path) => nameAt(path, depth))).size < new Set(absolute).size) depth += 1
  return absolute.map((path) => {
    const key = `${prefix}${nameAt(path, depth)}`
    return key.endsWith(suffix) ? key : `${key}${suffix}`
  })
}
