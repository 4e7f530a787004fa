import type { Sample } from './soak-events.ts'

/** How much more a process may hold at the end than after the warm-up. */
const bounds = {
  /** Bytes. Live objects hardly move; a record or a buffer kept for each of 18,000 events would be many MB. */
  heap: 4_000_000,
  external: 4_000_000,
  /** Bytes. The collector takes what it is given; the heap above is the finer measure. */
  rss: 60_000_000,
  /** Sockets and timers of what is under way come and go. */
  resources: 30,
  files: 30,
} as const

/** What grew by more than its bound since the warm-up, the first sample. None when nothing leaks. */
export function growth(samples: readonly Sample[]): string[] {
  const [warm, last] = [samples[0], samples.at(-1)]
  if (!warm || !last) throw new Error('nothing was measured')
  return (Object.keys(bounds) as (keyof typeof bounds)[]).flatMap((name) => {
    const grown = (last[name] ?? 0) - (warm[name] ?? 0)
    return grown > bounds[name] ? [`${name} grew by ${grown}, at most ${bounds[name]} are allowed`] : []
  })
}
