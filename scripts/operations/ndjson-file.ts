import { once } from 'node:events'
import { createReadStream, createWriteStream, type WriteStream } from 'node:fs'
import { createInterface } from 'node:readline'
import { jsonLine } from '../json-line.ts'

/** A file of values, a line of JSON each. */
export class NdjsonFile {
  readonly #stream: WriteStream
  #fault: Error | undefined

  constructor(path: string) {
    this.#stream = createWriteStream(path)
    // Known to whoever adds or closes next: without a listener it would end the process.
    this.#stream.on('error', (error) => {
      this.#fault = error
    })
  }

  /** @throws Error when the file cannot be written. */
  async add(value: unknown): Promise<void> {
    if (this.#fault) throw this.#fault
    if (!this.#stream.write(jsonLine(value))) await once(this.#stream, 'drain')
  }

  /** All of it is in the file when this resolves. Safe to call twice. @throws Error when it could not be written. */
  async close(): Promise<void> {
    if (!this.#stream.closed) {
      this.#stream.end()
      await new Promise<void>((resolve) => this.#stream.once('close', () => resolve()))
    }
    if (this.#fault) throw this.#fault
  }
}

/** The values of such a file, in batches of so many. */
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
