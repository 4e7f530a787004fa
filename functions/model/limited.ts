/** Does the work for every item, at most `limit` at once. The first failure ends it, after what is under way. */
export async function forEachLimited<T>(
  items: readonly T[],
  limit: number,
  work: (item: T) => Promise<void>,
): Promise<void> {
  const left = items.values()
  let failed = false
  const worker = async () => {
    for (const item of left) {
      if (failed) return
      try {
        await work(item)
      } catch (error) {
        failed = true
        throw error
      }
    }
  }
  const done = await Promise.allSettled(Array.from({ length: Math.min(limit, items.length) }, worker))
  const failure = done.find((one) => one.status === 'rejected')
  if (failure) throw failure.reason
}
