import { expect, test } from 'vitest'
import { ConfigError } from '../../functions/config/define-bridge.ts'
import { readSettings } from '../../functions/settings.ts'

test('without a variable, the clouds and the usual', () => {
  expect(readSettings({})).toEqual({
    bigqueryWriteEndpoint: undefined,
    configPath: undefined,
    maxInstances: 10,
    leaseMs: 60_000,
    hashKey: undefined,
    logLevel: 'info',
    revision: 'local',
  })
})

test('each variable has its setting; others are none', () => {
  expect(
    readSettings({
      CAUSEWAY_BIGQUERY_WRITE_ENDPOINT: '127.0.0.1:9060',
      CAUSEWAY_CONFIG: '/srv/bridge.config.ts',
      BIGQUERY_EMULATOR_HOST: 'http://127.0.0.1:9050',
      STORAGE_EMULATOR_HOST: 'http://127.0.0.1:9023',
      CAUSEWAY_MAX_INSTANCES: '3',
      CAUSEWAY_LEASE_SECONDS: '5',
      CAUSEWAY_HASH_KEY: 'sixteen or more of them',
      LOG_LEVEL: 'warn',
      K_REVISION: 'load-00007',
      PATH: '/usr/bin',
    }),
  ).toEqual({
    bigqueryWriteEndpoint: '127.0.0.1:9060',
    configPath: '/srv/bridge.config.ts',
    maxInstances: 3,
    leaseMs: 5_000,
    hashKey: 'sixteen or more of them',
    logLevel: 'warn',
    revision: 'load-00007',
  })
})

test('every faulty variable is told', () => {
  const faulty = {
    CAUSEWAY_BIGQUERY_WRITE_ENDPOINT: 'http://127.0.0.1:9060',
    BIGQUERY_EMULATOR_HOST: 'localhost:9050',
    STORAGE_EMULATOR_HOST: '',
    CAUSEWAY_HASH_KEY: 'short',
    LOG_LEVEL: 'loud',
  }
  expect(() => readSettings(faulty)).toThrow(ConfigError)
  expect(() => readSettings(faulty)).toThrow(
    'environment CAUSEWAY_BIGQUERY_WRITE_ENDPOINT: must be host:port\n' +
      '  - environment BIGQUERY_EMULATOR_HOST: must be an http:// or https:// URL\n' +
      '  - environment STORAGE_EMULATOR_HOST: must be an http:// or https:// URL\n' +
      '  - environment CAUSEWAY_HASH_KEY: must have at least 16 characters\n' +
      '  - environment LOG_LEVEL: ',
  )
})
