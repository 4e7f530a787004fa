import { invalid } from './api-error.ts'

/** A part of a list and, unless it is the last, the token of the next. */
export interface Page<Item> {
  readonly items: readonly Item[]
  readonly nextPageToken?: string
}

/** Rows in a page when the caller names no number. BigQuery bounds pages by 10 MB; the number is ours. */
const defaultPageSize = 10_000

/** Where the wanted page begins and how long it may be. */
export function pageBounds(query: URLSearchParams): { start: number; size: number } {
  const token = query.get('pageToken') ?? query.get('startIndex') ?? '0'
  const size = query.get('maxResults') ?? String(defaultPageSize)
  if (!/^\d+$/.test(token)) throw invalid(`Invalid value for pageToken: ${token}`)
  if (!/^\d+$/.test(size)) throw invalid(`Invalid value for maxResults: ${size}`)
  return { start: Number(token), size: Math.min(Number(size), defaultPageSize) }
}

export function pageOf<Item>(items: readonly Item[], query: URLSearchParams): Page<Item> {
  const { start, size } = pageBounds(query)
  const next = start + size
  const page = items.slice(start, next)
  return size > 0 && next < items.length ? { items: page, nextPageToken: String(next) } : { items: page }
}
