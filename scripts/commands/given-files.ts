import { closeSync, globSync, openSync, statSync } from 'node:fs'
import { basename, dirname, join, relative, resolve } from 'node:path'
import type { Source } from '../../functions/config/schema.ts'
import { messageOf } from '../../functions/model/failure.ts'
import { CommandError } from './command-error.ts'

/** A file that the user named, or that is in a directory the user named. */
export interface GivenFile {
  readonly path: string
  /** Where its name begins: the directory that was named, or the one that a named file is in. */
  readonly root: string
}

/**
 * The files that paths stand for: directories stand for all files in them, at any depth, in the order of their names,
 * but for hidden ones. Each file is there once.
 * @throws CommandError when a path cannot be read, or a directory has no files.
 */
export function givenFiles(paths: readonly string[]): GivenFile[] {
  const files = paths.flatMap((path) => (isDirectory(path) ? filesIn(path) : [checked(path)]))
  return [...new Map(files.map((file) => [resolve(file.path), file])).values()]
}

function filesIn(root: string): GivenFile[] {
  const found = globSync('**', {
    cwd: root,
    withFileTypes: true,
    exclude: (entry) => entry.name.startsWith('.'),
  })
  const paths = found.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name))
  if (paths.length === 0) throw new CommandError(`${root} is a directory without files`)
  return paths.toSorted().map((path) => ({ path: join(root, relative(root, path)), root }))
}

function isDirectory(path: string): boolean {
  try {
    return statSync(path).isDirectory()
  } catch (error) {
    throw unreadable(path, error)
  }
}

function checked(path: string): GivenFile {
  try {
    if (!statSync(path).isFile()) throw new CommandError(`${path} is no file and no directory`)
    closeSync(openSync(path, 'r'))
  } catch (error) {
    throw unreadable(path, error)
  }
  return { path, root: dirname(path) }
}

/** What to tell the user of a path that cannot be read. */
export function unreadable(path: string, error: unknown): CommandError {
  return error instanceof CommandError
    ? error
    : new CommandError(`cannot read ${path}: ${messageOf(error)}`, error)
}

/**
 * Keys for files: the source's prefix and the file's name below its root, as `aws s3 cp --recursive` has it, with folders
 * before it only where two would be the same.
 */
export function keysFor(
  files: readonly GivenFile[],
  { prefix, suffix }: Pick<Source, 'prefix' | 'suffix'>,
): string[] {
  const placed = files.map(({ path, root }) => ({
    outer: resolve(root),
    name: relative(resolve(root), resolve(path)),
  }))
  const nameAt = (outer: string, name: string, depth: number): string =>
    depth === 0 ? name : nameAt(dirname(outer), join(basename(outer), name), depth - 1)
  const namesAt = (depth: number) => placed.map(({ outer, name }) => nameAt(outer, name, depth))
  let depth = 0
  while (new Set(namesAt(depth)).size < files.length) depth += 1
  return namesAt(depth).map((name) => {
    const key = `${prefix}${name}`
    return key.endsWith(suffix) ? key : `${key}${suffix}`
  })
}
