import type { Reporter, TestModule } from 'vitest/node'

const most = 10
/** Milliseconds. */
const slow = 2_000

/** Lists the slowest tests at the end of a run. */
export const slowTests: Reporter = {
  onTestRunEnd(modules: readonly TestModule[]) {
    const tests = modules
      .flatMap((module) => [...module.children.allTests()].map((test) => ({ module, test })))
      .map(({ module, test }) => ({ millis: test.diagnostic()?.duration ?? 0, name: test.fullName, module }))
      .filter(({ millis }) => millis >= slow)
      .sort((one, other) => other.millis - one.millis)
    if (tests.length === 0) return
    console.log(`\nSlowest of ${tests.length} tests that took over ${slow / 1000} s:`)
    for (const { millis, name, module } of tests.slice(0, most)) {
      console.log(`  ${(millis / 1000).toFixed(1).padStart(6)} s  ${module.relativeModuleId}  ${name}`)
    }
  },
}
