/** Does the work for every item, at most `limit` at once. After the first failure no more begin; those under way end. */
export async function forEachLimited<T>(
  items: readonly T[],
  limit: number,
  work: (item: T) => Promise<void>,
): Promise<void> {
  let failed = false
  const failures = await allLimited(items, limit, async (item) => {
    if (failed) return
    try {
      await work(item)
    } catch (error) {
      failed = true
      throw error
    }
  })
  if (failed) throw failures[0]
}

/** Does the work for every item, at most `limit` at once, whatever becomes of the others. Gives what failed. */
export async function allLimited<T>(
  items: readonly T[],
  limit: number,
  work: (item: T) => Promise<void>,
): Promise<readonly unknown[]> {
  const left = items.values()
  const failures: unknown[] = []
  const worker = async () => {
    for (const item of left) {
      try {
        await work(item)
      } catch (error) {
        failures.push(error)
      }
    }
  }
  await Promise.all(Array.from({ length: Math.min(limit, items.length) }, worker))
  return failures
}
