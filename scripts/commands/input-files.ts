import { closeSync, createReadStream, openSync, statSync } from 'node:fs'
import { basename, dirname, join, resolve } from 'node:path'
import type { Bridge, DeployedSource, Source } from '../../functions/config/schema.ts'
import { Failure, messageOf } from '../../functions/model/failure.ts'
import type { FormatName } from '../../functions/parse/formats.ts'
import { type OpenObject, openObject, type Reading } from '../../functions/parse/open-object.ts'
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

/** The format the user says, or the one the file is in. @throws CommandError when that cannot be detected. */
export async function formatOf(path: string, { format }: FileOptions): Promise<FormatName> {
  if (format !== undefined) return format
  const file = await openFile(path)
  await file.close()
  return file.format
}

/** Opens a file for its lines. @throws CommandError when it cannot be read, or its format not be detected. */
export async function openFile(path: string, reading?: Reading): Promise<OpenObject> {
  try {
    return await openObject(createReadStream(path), path, reading)
  } catch (error) {
    throw error instanceof Failure ? fileError(path, error) : unreadable(path, error)
  }
}

/** What to tell the user of a file that was not read to its end. */
export function fileError(path: string, error: unknown): unknown {
  if (!(error instanceof Failure)) return error
  const help = error.code === 'unknown_format' ? ', with --format' : ''
  return new CommandError(`${path}: ${error.message}${help}`, error)
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

/** The source each file belongs to: as the user said, or the one that takes the format the file has. */
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
  const source = sourceTaking(bridge, format, options)
  if (source) return source
  const help = options.format ? 'leave out --format, or say --source' : 'or say --source'
  throw new CommandError(
    `${path} is ${format}, and no source in bridge.config.ts has that format: add one, ${help}`,
  )
}

/** The source of a format, or one that takes any: that tells the format itself, whatever the user says it is. */
export function sourceTaking(
  { sources }: Bridge,
  format: FormatName,
  { format: said }: FileOptions,
): Source | undefined {
  const named = sources.find((source) => source.format === format)
  return named ?? (said ? undefined : sources.find((source) => !source.format))
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
