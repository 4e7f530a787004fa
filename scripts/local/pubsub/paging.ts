import type { Page } from './wire.ts'

/** One page of things in the order of their names. The token is the last name of the page before. */
export function page<Item>(
  items: Iterable<Item>,
  nameOf: (item: Item) => string,
  { pageSize, pageToken }: Page,
) {
  const sorted = [...items].sort((a, b) => (nameOf(a) < nameOf(b) ? -1 : 1))
  const rest = sorted.filter((item) => nameOf(item) > pageToken)
  const chosen = pageSize > 0 ? rest.slice(0, pageSize) : rest
  const last = chosen.at(-1)
  return { items: chosen, nextPageToken: last && chosen.length < rest.length ? nameOf(last) : '' }
}
