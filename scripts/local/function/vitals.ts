import { z } from 'zod'

/** What a process holds: a leak shows as one of these growing with the number of objects loaded. */
export const vitalsSchema = z.object({
  vitals: z.object({
    /** Bytes of memory, resident. */
    rss: z.number(),
    /** Bytes of live JavaScript objects, after a collection where Node runs with --expose-gc. */
    heap: z.number(),
    /** Bytes outside the heap that JavaScript objects hold: buffers. */
    external: z.number(),
    /** What keeps the event loop busy, by kind: sockets, requests, timers. */
    resources: z.record(z.string(), z.number()),
  }),
})
export type Vitals = z.infer<typeof vitalsSchema>['vitals']

/** The vitals of this process. */
export function ownVitals(): Vitals {
  globalThis.gc?.()
  const { rss, heapUsed, external } = process.memoryUsage()
  const resources: Record<string, number> = {}
  for (const kind of process.getActiveResourcesInfo()) resources[kind] = (resources[kind] ?? 0) + 1
  return { rss, heap: heapUsed, external, resources }
}
