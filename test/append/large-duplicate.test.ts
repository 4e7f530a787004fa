import { expect, test } from 'vitest'
import { defineBridge } from '../../functions/config/define-bridge.ts'
import { landingBucket } from '../finalize/push-event.ts'
import { projectId, startLoaders } from './loaders.ts'

const google = { project: projectId, location: 'US', landingBucket, ledgerBucket: 'example-ledger' }
const lines = Array.from({ length: 5_000 }, (_, n) => ({ app: 'a', message: `line ${n} ${'x'.repeat(100)}` }))

test.each([
  ['of a format', { bucket: 'example-logs', format: 'json-lines' }],
  ['of any format', { bucket: 'example-logs' }],
] as const)(
  'a large object of a source %s that was loaded elsewhere is let go of early',
  async (_, source) => {
    const bridge = defineBridge({ aws: { region: 'us-east-1' }, google, sources: { web: source } })
    const { query, loader } = await startLoaders(bridge)
    const sizes = { heldBytes: 10_000, pieceBytes: 10_000 }
    const [one, two] = [await loader(sizes), await loader(sizes)]
    expect(await one('large', ...lines)).toEqual(['committed'])
    expect(await two('large', ...lines)).toEqual(['duplicate'])
    expect(await query('SELECT COUNT(*) AS n FROM `logs.web_*`')).toEqual([{ n: lines.length }])
  },
)
