import { parentPort, workerData } from 'node:worker_threads'
import { brokenProtocols } from './broken.ts'
import { revisionIn } from './revision.ts'
import { runSeed } from './run-seed.ts'
import type { SeedsOfWorker } from './run-seeds.ts'

// Calls fail by the thousand here, and nobody reads where.
Error.stackTraceLimit = 0

/** Runs every so-manieth seed and tells of each as it is done. */
const { first, count, step, broken, beside }: SeedsOfWorker = workerData
const options = {
  broken: broken && brokenProtocols[broken],
  beside: beside === undefined ? undefined : await revisionIn(beside),
}
for (let seed = first; seed < first + count; seed += step) {
  parentPort?.postMessage(await runSeed(seed, options))
}
