import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { setTimeout as wait } from 'node:timers/promises'
import { Storage } from '@google-cloud/storage'
import { bridgeNames } from '../../functions/config/names.ts'
import type { Bridge } from '../../functions/config/schema.ts'
import { landingName } from '../../functions/model/landing-name.ts'
import { type LocalBridge, startLocalBridge } from '../local/bridge.ts'
import type { StateDirectory } from '../local/state-directory.ts'
import { hasProc, peakMemory } from './process-memory.ts'

/** A large object on its way, to be checked by whoever started it. */
export interface LargeRun {
  readonly bridge: LocalBridge
  readonly uri: string
  readonly lines: number
  /** Bytes of memory, at the most, of the process that was killed and of the one that finished. Absent without /proc. */
  readonly peaks: readonly number[] | undefined
  /** Milliseconds from the upload to the acknowledgement. */
  readonly millis: number
}

export interface LargeRunOptions {
  readonly bridge: Bridge
  readonly state: StateDirectory
  /** Of text. */
  readonly bytes: number
  readonly onProgress?: (rowsAppended: number, lines: number) => void
}

const lineBytes = 1_000

/**
 * Puts one large object into the landing bucket of a local bridge, kills the load function once half of its rows
 * are appended, and waits until the next delivery is done. The bridge still runs; the caller stops it.
 */
export async function loadLargeObject(options: LargeRunOptions): Promise<LargeRun> {
  const { bytes, onProgress } = options
  const source = options.bridge.sources.find(({ format }) => format === 'json-lines')
  if (!source) throw new Error('the configuration has no source of format json-lines')
  const key = `${source.prefix}large.log${source.suffix}`
  const lines = Math.ceil(bytes / lineBytes)
  const bridge = await startLocalBridge(options)
  try {
    const startedAt = performance.now()
    await upload(options.bridge, bridge, landingName(source.bucket, key), lines)
    const until = async (isReached: () => boolean) => {
      for (; !isReached(); await wait(20)) onProgress?.(bridge.bigquery.rowsAppended(), lines)
    }
    await until(() => bridge.bigquery.rowsAppended() >= lines / 2)
    const killed = peakOf(bridge)
    await bridge.function.kill()
    await until(() => isAcknowledged(options.bridge, bridge))
    const finished = peakOf(bridge)
    return {
      bridge,
      lines,
      uri: `s3://${source.bucket}/${key}`,
      peaks: killed === undefined || finished === undefined ? undefined : [killed, finished],
      millis: performance.now() - startedAt,
    }
  } catch (error) {
    await bridge.stop()
    throw error
  }
}

/** Lines of some 1,000 bytes, made as they are sent. */
async function upload(config: Bridge, bridge: LocalBridge, name: string, lines: number): Promise<void> {
  const { project: projectId, landingBucket } = config.google
  const apiEndpoint = bridge.environment['STORAGE_EMULATOR_HOST'] ?? ''
  const file = new Storage({ projectId, apiEndpoint }).bucket(landingBucket).file(name)
  const metadata = { metadata: { 'x-goog-source-etag': 'large' }, customTime: new Date().toISOString() }
  await pipeline(Readable.from(text(lines)), file.createWriteStream({ resumable: false, metadata }))
}

function* text(lines: number): Generator<Buffer> {
  const batch = 1_000
  for (let first = 0; first < lines; first += batch) {
    const numbers = Array.from({ length: Math.min(batch, lines - first) }, (_, n) => first + n + 1)
    yield Buffer.from(numbers.map(line).join(''))
  }
}

function line(number: number): string {
  const entry = { app: 'large', timestamp: '2026-11-20T10:15:00Z', message: `line ${number}`, payload: '' }
  const payload = String(number).padStart(lineBytes - JSON.stringify(entry).length - 1, '.')
  return `${JSON.stringify({ ...entry, payload })}\n`
}

function isAcknowledged(config: Bridge, { pubsub }: LocalBridge): boolean {
  const { subscription, deadLetterRecord } = bridgeNames(config)
  return [subscription, deadLetterRecord].every((name) => {
    const { undelivered, outstanding } = pubsub.backlog(name)
    return undelivered + outstanding === 0
  })
}

function peakOf({ function: { pid } }: LocalBridge): number | undefined {
  return hasProc && pid !== undefined ? peakMemory(pid) : undefined
}
