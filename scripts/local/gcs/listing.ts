import type { DatabaseSync } from 'node:sqlite'
import { z } from 'zod'
import { invalid } from './error.ts'
import { int64 } from './preconditions.ts'
import { type StoredObject, storedObject } from './stored-object.ts'

interface Listing {
  readonly items: StoredObject[]
  readonly prefixes: string[]
  readonly nextPageToken?: string
}

/** objects.list returns at most so many results a page. */
const pageLimit = 1000

/** Filters the stand-in does not model are refused rather than ignored. */
const notModelled = ['matchGlob', 'softDeleted', 'filter', 'includeFoldersAsPrefixes']

/** A page of the names in a bucket, in byte order, with what lies behind a delimiter rolled up. */
export function listObjects(database: DatabaseSync, bucket: string, query: URLSearchParams): Listing {
  for (const name of notModelled) if (query.has(name)) throw invalid(`Not modelled by the stand-in: ${name}`)
  const limit = Math.min(int64(query, 'maxResults') || pageLimit, pageLimit)
  const after = afterIn(query.get('pageToken'))
  const items: StoredObject[] = []
  const prefixes = new Set<string>()
  let last = after
  for (const object of candidates(database, bucket, query, after)) {
    const rolledUp = rollUp(object.name, query)
    const entry = rolledUp ?? object.name
    if (rolledUp !== undefined && (rolledUp === after || prefixes.has(rolledUp))) continue
    if (items.length + prefixes.size === limit)
      return { items, prefixes: [...prefixes], nextPageToken: token(last) }
    if (rolledUp === undefined) items.push(object)
    else prefixes.add(rolledUp)
    last = entry
  }
  return { items, prefixes: [...prefixes] }
}

/** Objects whose names come after the last page and lie between the offsets. SQLite compares bytes, as the service. */
function* candidates(database: DatabaseSync, bucket: string, query: URLSearchParams, after: string) {
  const prefix = query.get('prefix') ?? ''
  const from = query.get('startOffset') ?? ''
  const end = query.get('endOffset') ?? ''
  const rows = database
    .prepare(
      `SELECT * FROM objects WHERE bucket = ? AND name > ? AND name >= ? AND name >= ?
       AND substr(name, 1, length(?)) = ? AND (? = '' OR name < ?) ORDER BY name`,
    )
    .iterate(bucket, after, prefix, from, prefix, prefix, end, end)
  for (const row of rows) yield storedObject(row)
}

function rollUp(name: string, query: URLSearchParams): string | undefined {
  const delimiter = query.get('delimiter')
  if (!delimiter) return undefined
  const at = name.indexOf(delimiter, query.get('prefix')?.length ?? 0)
  return at < 0 ? undefined : name.slice(0, at + delimiter.length)
}

const tokenSchema = z.object({ after: z.string() })

const token = (after: string): string => Buffer.from(JSON.stringify({ after })).toString('base64url')

function afterIn(pageToken: string | null): string {
  if (!pageToken) return ''
  try {
    return tokenSchema.parse(JSON.parse(Buffer.from(pageToken, 'base64url').toString())).after
  } catch (cause) {
    throw Object.assign(invalid(`Invalid page token: ${pageToken}`), { cause })
  }
}
