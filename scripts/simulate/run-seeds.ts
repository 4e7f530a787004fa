import { Worker } from 'node:worker_threads'
import type { BrokenProtocol } from './broken.ts'
import type { SeedResult } from './run-seed.ts'

export interface SeedRange {
  readonly first: number
  readonly count: number
  /** A protocol with a part taken out, in place of the real one. */
  readonly broken?: BrokenProtocol | undefined
  /** A directory with `functions/` of another revision, to run beside this one. */
  readonly beside?: string | undefined
}

/** What one worker thread runs: the seeds from `first`, each `step` on. */
export interface SeedsOfWorker extends SeedRange {
  readonly step: number
}

/** Runs seeds on several cores. `onResult` is told of each as it is done; what it returns true for ends the run. */
export async function runSeeds(
  range: SeedRange,
  threads: number,
  onResult: (result: SeedResult) => boolean,
): Promise<void> {
  const workers = Array.from({ length: Math.min(threads, range.count) }, (_, index) => {
    const workerData: SeedsOfWorker = {
      ...range,
      first: range.first + index,
      count: range.count - index,
      step: threads,
    }
    return new Worker(new URL('./seeds-worker.ts', import.meta.url), { workerData })
  })
  const stopAll = () => Promise.all(workers.map((worker) => worker.terminate()))
  try {
    await Promise.all(
      workers.map(
        (worker) =>
          new Promise<void>((resolve, reject) => {
            worker.on('message', (result: SeedResult) => {
              if (onResult(result)) stopAll().then(() => resolve(), reject)
            })
            worker.once('error', reject)
            worker.once('exit', () => resolve())
          }),
      ),
    )
  } finally {
    await stopAll()
  }
}
