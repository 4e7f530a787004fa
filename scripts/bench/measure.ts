import { Readable } from 'node:stream'
import { gzipSync } from 'node:zlib'
import type { Source } from '../../functions/config/schema.ts'
import type { FormatName } from '../../functions/parse/formats.ts'
import { openObject } from '../../functions/parse/open-object.ts'
import { decompress } from '../../functions/parse/reading/decompress.ts'
import { ObjectRows } from '../../functions/split/object-rows.ts'
import { logSource } from '../../functions/split/tables/log-source.ts'
import { corpus } from './corpus.ts'

/** One format's speed. Rates are bytes of text for each second of CPU, over all threads: busy machines do not count. */
export interface Measured {
  readonly format: FormatName
  /** Bytes of text of the file. */
  readonly bytes: number
  readonly rows: number
  readonly gunzipBytesPerSecond: number
  /** From compressed bytes to rows encoded for the Storage Write API and split by app, decompression included. */
  readonly loadBytesPerSecond: number
  /** The second over the first: what is left of gunzip's rate. */
  readonly ratio: number
  /** Most bytes the process held more than before, beside the file itself. */
  readonly peakBytes: number
}

const bridge = { dataset: 'logs', stateDataset: 'causeway' }
const source: Source = {
  name: 'bench',
  bucket: 'bench-logs',
  prefix: '',
  suffix: '',
  defaultApp: 'unknown',
  split: 'tables',
  maxTables: 200,
}
/** Rows are handed on in pieces of about this many bytes, as the loader does. */
const pieceBytes = 8_000_000

/**
 * Measures a format on a file of about `bytes` of text: the middle of several rounds. The best would favour gunzip,
 * which is done in a moment that another program may leave free.
 */
export async function measure(format: FormatName, bytes: number, rounds = 9): Promise<Measured> {
  const text = corpus(format, bytes)
  const file = gzipSync(text)
  const gunzip: number[] = []
  const load: number[] = []
  let rows = 0
  let peakBytes = 0
  // The first round of each warms the compiler up.
  for (let round = 0; round <= rounds; round++) {
    gunzip.push(await seconds(() => drain(decompress(Readable.from([file])))))
    load.push(
      await seconds(async () => {
        const loaded = await loadFile(format, file)
        rows = loaded.rows
        peakBytes = round === 0 ? 0 : Math.max(peakBytes, loaded.peakBytes)
      }),
    )
  }
  const rate = (times: readonly number[]) => text.length / median(times.slice(1))
  const [gunzipBytesPerSecond, loadBytesPerSecond] = [rate(gunzip), rate(load)]
  const ratio = loadBytesPerSecond / gunzipBytesPerSecond
  return { format, bytes: text.length, rows, gunzipBytesPerSecond, loadBytesPerSecond, ratio, peakBytes }
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1] ?? Number.NaN
}

async function loadFile(format: FormatName, file: Buffer): Promise<{ rows: number; peakBytes: number }> {
  const object = { bucket: 'bench-logs', key: `bench.${format}`, etag: 'bench' }
  const rows = new ObjectRows(bridge, logSource(source, format), object, Date.UTC(2026, 0, 2))
  const before = held()
  let peakBytes = 0
  const { blocks } = await openObject(Readable.from([file]), object.key, { format })
  for await (const block of blocks) {
    rows.add(block)
    if (rows.bytes < pieceBytes) continue
    rows.takeTables()
    peakBytes = Math.max(peakBytes, held() - before)
  }
  rows.takeTables()
  return { rows: rows.finish().counts.written, peakBytes }
}

/** Bytes in use by objects and buffers, collected or not. */
function held(): number {
  const { heapUsed, external } = process.memoryUsage()
  return heapUsed + external
}

async function drain(bytes: AsyncIterable<Buffer>): Promise<void> {
  for await (const chunk of bytes) if (chunk.length === 0) return
}

/** Seconds of CPU the work takes, over all threads of the process. */
async function seconds(work: () => Promise<void>): Promise<number> {
  const before = process.cpuUsage()
  await work()
  const { user, system } = process.cpuUsage(before)
  return (user + system) / 1_000_000
}
