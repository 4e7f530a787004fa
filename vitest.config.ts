import { defineConfig } from 'vitest/config'
import { slowTests } from './test/slow-tests.ts'

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    // Google's libraries otherwise look for a metadata server, in vain.
    env: { METADATA_SERVER_DETECTION: 'none' },
    testTimeout: 60_000,
    hookTimeout: 60_000,
    reporters: ['default', slowTests, ...(process.env['GITHUB_ACTIONS'] ? ['github-actions'] : [])],
  },
})
