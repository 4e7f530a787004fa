/** What apps that are not listed by name are counted as. */
const otherApps = '(others)'

/**
 * Bytes of the apps of one object as JSON, at most. A group is up to 500 objects (group-commit.ts), whose records go
 * into one request of less than 10 MB.
 */
const mostBytes = 16 * 1024

/**
 * Rows by app as the record of an object lists them: all apps or, when those take more than a record has room for, the
 * ones with most rows. The rest is counted together. The sum of the rows is always that of all.
 * @param others rows of apps that are not listed by name, to begin with.
 */
export function listedApps(rowsByApp: ReadonlyMap<string, number>, others: number): Map<string, number> {
  const sized = [...rowsByApp].map(([app, rows]) => ({ app, rows, bytes: bytesOf(app, rows) }))
  // Without a list, two braces; and there must be room to say what was left out.
  const room = mostBytes - 2 - bytesOf(otherApps, Number.MAX_SAFE_INTEGER)
  const listed = new Map<string, number>()
  const add = (app: string, rows: number) => listed.set(app, (listed.get(app) ?? 0) + rows)
  const all = sized.reduce((sum, { bytes }) => sum + bytes, 0)
  let taken = 0
  for (const { app, rows, bytes } of all <= room ? sized : sized.sort((a, b) => b.rows - a.rows)) {
    taken += bytes
    add(taken <= room ? app : otherApps, rows)
  }
  if (others > 0) add(otherApps, others)
  return listed
}

/** Of a member and the comma behind it. */
function bytesOf(app: string, rows: number): number {
  return Buffer.byteLength(JSON.stringify(app)) + `:${rows},`.length
}
