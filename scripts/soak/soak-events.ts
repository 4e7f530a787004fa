import type { Bridge } from '../../functions/config/schema.ts'
import { forEachLimited } from '../../functions/model/limited.ts'
import { push } from '../local/function/push-notification.ts'
import { type LocalLoader, startLocalLoader } from '../local/loader.ts'
import type { StateDirectory } from '../local/state-directory.ts'
import { seededRandom } from '../random.ts'
import { SoakEvents } from './events.ts'
import { hasProc, openFiles } from './process-memory.ts'

/** The function process after so many events, at rest. */
export interface Sample {
  readonly events: number
  readonly rss: number
  /** Live JavaScript objects, after a collection. */
  readonly heap: number
  /** Buffers. */
  readonly external: number
  /** What keeps its event loop busy: sockets, timers. */
  readonly resources: number
  /** Files, sockets and pipes; absent without /proc. */
  readonly files: number | undefined
}

export interface SoakOptions {
  readonly bridge: Bridge
  readonly state: StateDirectory
  readonly events: number
  readonly onSample: (sample: Sample) => void
}

/** Pushes under way at a time: about what one instance gets. */
const concurrency = 40
const samples = 10

/** Runs events through one function process. Gives a sample after each tenth of them. */
export async function soakEvents({ bridge, state, events, onSample }: SoakOptions): Promise<Sample[]> {
  const environment = { NODE_OPTIONS: '--expose-gc', LOG_LEVEL: 'error' }
  const loader = await startLocalLoader({ bridge, state, environment })
  try {
    const made = await SoakEvents.prepare(bridge, loader, seededRandom(1))
    const taken: Sample[] = []
    for (let part = 1; part <= samples; part++) {
      const until = Math.round((events * part) / samples)
      const share = until - (taken.at(-1)?.events ?? 0)
      await forEachLimited(Array.from({ length: share }), concurrency, () =>
        acknowledge(bridge, loader, made.next()),
      )
      const sample = await sampleOf(loader, until)
      taken.push(sample)
      onSample(sample)
    }
    return taken
  } finally {
    await loader.stop()
  }
}

/** Pushes until it is acknowledged, as Pub/Sub does. */
async function acknowledge(bridge: Bridge, { functions: [only] }: LocalLoader, body: string): Promise<void> {
  for (let attempt = 1; !(await push(bridge, only?.port ?? 0, body)); attempt++) {
    if (attempt === 20) throw new Error('an event was refused 20 times: see the log of the function')
    await new Promise((resolve) => setTimeout(resolve, 100 * attempt))
  }
}

async function sampleOf({ functions: [only] }: LocalLoader, events: number): Promise<Sample> {
  if (!only?.pid) throw new Error('the load function does not run')
  if (only.restarts > 0) throw new Error('the load function ended meanwhile: see its log')
  // The first answer is the price of asking: what it leaves behind is collected by the second.
  await only.vitals()
  const { rss, heap, external, resources } = await only.vitals()
  const busy = Object.values(resources).reduce((sum, count) => sum + count, 0)
  return { events, rss, heap, external, resources: busy, files: hasProc ? openFiles(only.pid) : undefined }
}
