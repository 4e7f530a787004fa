import { createReadStream } from 'node:fs'
import { createInterface } from 'node:readline'

/** The values of a file that this process wrote, a line of JSON each, in batches of so many. */
export async function* batchesIn<T>(path: string, size: number): AsyncGenerator<T[]> {
  let batch: T[] = []
  for await (const line of createInterface({ input: createReadStream(path) })) {
    batch.push(JSON.parse(line))
    if (batch.length < size) continue
    yield batch
    batch = []
  }
  if (batch.length > 0) yield batch
}
