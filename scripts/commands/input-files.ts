import { createReadStream } from 'node:fs'
import type { Bridge, DeployedSource, Source } from '../../functions/config/schema.ts'
import { Failure } from '../../functions/model/failure.ts'
import type { FormatName } from '../../functions/parse/formats.ts'
import { type OpenObject, openObject, type Reading } from '../../functions/parse/open-object.ts'
import { CommandError } from './command-error.ts'
import { type GivenFile, unreadable } from './given-files.ts'

/** A file of the user's, and the source it belongs to. */
export interface InputFile extends GivenFile {
  readonly source: Source
}

/** What the user said of the files. */
export interface FileOptions {
  readonly format?: FormatName
  readonly source?: string
}

/** The format the user says, or the one the file is in. @throws CommandError when that cannot be detected. */
async function formatOf(path: string, { format }: FileOptions): Promise<FormatName> {
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
  const help = error.message.includes('name one of') ? ', with --format' : ''
  return new CommandError(`${path}: ${error.message}${help}`, error)
}

/** The source each file belongs to: as the user said, or the one that takes the format the file has. */
export async function sourcesOf(
  bridge: Bridge,
  files: readonly GivenFile[],
  options: FileOptions,
): Promise<InputFile[]> {
  const found: InputFile[] = []
  // One at a time: there may be thousands.
  for (const file of files) found.push({ ...file, source: await sourceOf(bridge, file.path, options) })
  return found
}

async function sourceOf(bridge: Bridge, path: string, options: FileOptions): Promise<Source> {
  if (options.source !== undefined) return sourceNamed(bridge, options.source)
  const format = await formatOf(path, options)
  const source = sourceTaking(bridge, format, options)
  if (source) return source
  throw new CommandError(
    `${path} is ${format}, and no source in bridge.config.ts has that format: add one, or say --format ${format} or --source`,
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
