import { parentPort, workerData } from 'node:worker_threads'
import { brokenProtocols } from './broken.ts'
import { runSeed } from './run-seed.ts'
import type { SeedsOfWorker } from './run-seeds.ts'

/** Runs every so-manieth seed and tells of each as it is done. */
const { first, count, step, broken }: SeedsOfWorker = workerData
for (let seed = first; seed < first + count; seed += step) {
  parentPort?.postMessage(
    await runSeed(seed, broken === undefined ? {} : { broken: brokenProtocols[broken] }),
  )
}
