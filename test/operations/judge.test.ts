import { expect, test } from 'vitest'
import type { Evidence } from '../../scripts/operations/evidence/evidence.ts'
import type { LedgerStanding } from '../../scripts/operations/evidence/ledger-standing.ts'
import { judge } from '../../scripts/operations/reconcile/judge.ts'

const at = Date.parse('2026-11-27T08:00:00Z')
const hour = 3_600_000
const s3: Evidence = { of: 's3', etag: 'e', bytes: 5, uploadedAt: at }
const copy: Evidence = { of: 'copy', etag: 'e', name: 's3/b/k', uploadedAt: at, bytes: 5 }
const tried = (outcome: 'copied' | 'failed' | 'gone', when = at + 1_000): Evidence => ({
  of: 'transfer',
  outcome,
  at: when,
})
const record = (outcome: string, rows = 0, rejects = 0): Evidence => ({
  of: 'record',
  etag: 'e',
  outcome,
  reason: 'a_reason',
  rows,
  rejects,
})
const rows = (count: number, etag = 'e'): Evidence => ({ of: 'rows', etag, count })
const rejects = (count: number): Evidence => ({ of: 'rejects', etag: 'e', count })

interface Case {
  readonly standing?: LedgerStanding
  readonly current?: boolean
  readonly counted?: boolean
}

async function causesOf(evidence: readonly Evidence[], { standing = 'unclaimed', ...how }: Case = {}) {
  const judged = await judge(
    { bucket: 'b', key: 'k', evidence },
    { from: at - hour, to: at + hour, counted: true, current: true, ...how, standing: async () => standing },
  )
  return [...judged.differences.map(({ cause }) => cause), ...Array(judged.fine).fill('fine')]
}

test.each<[string, Evidence[], string[], Case?]>([
  ['loaded', [s3, copy, record('committed', 3, 1), rows(3), rejects(1)], ['fine']],
  ['loaded, and its copy expired', [s3, record('committed', 3), rows(3)], ['fine']],
  ['left out on purpose', [s3, copy, record('ignored')], ['fine']],
  ['never announced', [s3], ['not_announced']],
  ['announced, and its copy failed', [s3, tried('failed')], ['not_transferred']],
  [
    'tried again after it failed, and lost',
    [s3, tried('failed'), tried('copied', at + 2_000)],
    ['copy_lost'],
  ],
  ['an older version of it was copied', [s3, tried('copied', at - 60_000)], ['not_announced']],
  ['copied, and the copy is gone', [s3, tried('copied')], ['copy_lost']],
  ['its copy was gone when it was to be read', [s3, record('missing')], ['copy_lost']],
  ['announced, and gone from S3', [tried('gone')], ['gone']],
  ['the same, on record', [tried('gone'), record('missing')], ['fine']],
  ['an old inventory has what is gone', [s3, tried('gone')], ['gone'], { current: false }],
  ['the same, on record', [s3, tried('gone'), record('missing')], ['fine'], { current: false }],
  ['uploaded again after it was gone', [s3, tried('gone')], ['not_transferred']],
  ['in an archive', [{ ...s3, storageClass: 'DEEP_ARCHIVE' }], ['archived']],
  ['landed, and nobody heard of it', [s3, copy], ['not_notified']],
  ['claimed', [s3, copy], ['not_sealed'], { standing: 'claimed' }],
  ['sealed', [s3, copy, rows(2)], ['not_committed'], { standing: 'sealed' }],
  ['loaded, and not on record', [s3, copy, rows(2)], ['not_recorded'], { standing: 'loaded' }],
  ['deleted from S3 after it landed', [copy], ['not_notified']],
  ['given up on', [s3, copy, record('quarantined')], ['quarantined']],
  ['too few rows', [s3, copy, record('committed', 3), rows(2)], ['counts_unequal']],
  ['no rejects', [s3, copy, record('committed', 3, 1), rows(3)], ['counts_unequal']],
  ['rows not counted', [s3, copy, record('committed', 3)], ['fine'], { counted: false }],
  ['rows of what was never loaded', [rows(2)], ['extra']],
  ['rows of another version', [s3, record('committed', 3), rows(3), rows(1, 'f')], ['extra', 'fine']],
  ['younger than the window', [{ ...s3, uploadedAt: at + 2 * hour }], []],
  ['older than it', [{ ...s3, uploadedAt: at - 2 * hour }], []],
])('%s', async (_, evidence, wanted, how) => {
  expect(await causesOf(evidence, how)).toEqual(wanted)
})
