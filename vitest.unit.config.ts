import { defineConfig, mergeConfig } from 'vitest/config'
import base from './vitest.config.ts'

/** Folders whose tests start processes, open ports, synthesise stacks, or run the whole protocol many times. */
const heavy = [
  'append',
  'bridge',
  'cdktf',
  'clients',
  'commands',
  'doctor',
  'load',
  'local',
  'operations',
  'simulate',
]

/** Files that wait for what never ends to be cut off, open ports, or feed whole megabytes of hostile input. */
const slow = [
  'compression',
  'decompress',
  'functions',
  'hostile',
  'hostile-expressions',
  'json-formats',
  'json-layouts',
  'ledger-store',
  'object-rows',
  'open-object',
  'separated-records',
]

/** The fast loop: everything else. `npm test` runs all, with as many cases a property as it says. */
const unit = defineConfig({
  test: {
    exclude: [
      ...heavy.map((folder) => `test/${folder}/**`),
      ...slow.map((name) => `test/**/${name}.test.ts`),
    ],
    isolate: false,
    maxWorkers: 1,
    setupFiles: ['test/unit.ts'],
  },
})

export default mergeConfig(base, unit)
