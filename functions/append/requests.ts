/**
 * Bytes of rows in one AppendRows request, at most. The service takes less than 20 MB, less than 10 MB by its
 * older documentation (https://cloud.google.com/bigquery/quotas#write-api-limits, November 2026): this fits both,
 * with room for the schema that goes with it.
 */
export const requestBytes = 9_000_000

/** Bytes that frame one row in a request: its tag and length. */
const framing = 6

/** Cuts rows, in order and whole, into as few requests as their size allows. */
export function* requestsOf(rows: readonly Buffer[], limit = requestBytes): Generator<readonly Buffer[]> {
  let from = 0
  let bytes = 0
  for (const [index, row] of rows.entries()) {
    const size = row.length + framing
    if (bytes + size > limit && index > from) {
      yield rows.slice(from, index)
      ;[from, bytes] = [index, 0]
    }
    bytes += size
  }
  if (from < rows.length) yield rows.slice(from)
}
