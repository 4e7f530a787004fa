import type { Evidence } from '../evidence/evidence.ts'
import type { KeyGroup } from '../evidence/key-groups.ts'
import type { LedgerStanding } from '../evidence/ledger-standing.ts'
import { isArchived } from '../evidence/s3-listing.ts'

/** Why an object is not where it should be, with what it means. Order: that of the way an object takes. */
export const causes = {
  not_announced: 'in S3, and the transfer service never heard of it',
  not_transferred: 'announced, and its copy failed',
  gone: 'announced, and gone from S3 before it was copied',
  archived: 'in an archive class of S3',
  copy_lost: 'copied, and the copy is gone before it was loaded',
  not_notified: 'landed, and the function never heard of it',
  not_sealed: 'claimed, and nothing of it sealed',
  not_committed: 'sealed, and not flushed or not on record',
  not_recorded: 'loaded, and not in causeway.objects',
  quarantined: 'given up on',
  counts_unequal: 'the tables have other numbers of rows or rejects than were written',
  extra: 'the tables have rows of it, and it was never loaded',
} as const

export type Cause = keyof typeof causes

/** An object that is not as it should be. */
export interface Difference {
  readonly cause: Cause
  readonly bucket: string
  readonly key: string
  readonly etag: string
  readonly detail: string
  /** Its copy in the landing bucket. */
  readonly copy?: string
  readonly bytes?: number
  /** Epoch milliseconds. */
  readonly uploadedAt?: number
}

/** What is judged by. */
export interface Judging {
  /** Only objects that were uploaded then are looked at. Epoch milliseconds. */
  readonly from: number
  readonly to: number
  /** Whether rows and rejects were counted. */
  readonly counted: boolean
  /** Whether S3 was asked now, not an inventory of some time ago. */
  readonly current: boolean
  /** Of an object with a copy and without a record. */
  readonly standing: (object: {
    readonly bucket: string
    readonly key: string
    readonly etag: string
  }) => Promise<LedgerStanding>
}

/** How often objects are as they should be, and the differences, of one key. */
export interface Judgement {
  readonly fine: number
  readonly differences: readonly Difference[]
}

/** Judges the versions of one key by all that was found of it. */
export async function judge(group: KeyGroup, judging: Judging): Promise<Judgement> {
  const etags = new Set(group.evidence.flatMap((one) => ('etag' in one ? [one.etag] : [])))
  const differences: Difference[] = []
  let fine = 0
  for (const etag of etags) {
    const known = versionOf(group, etag)
    const time = known.s3?.uploadedAt ?? known.copy?.uploadedAt
    if (time !== undefined && (time < judging.from || time >= judging.to)) continue
    const found = await judgeVersion(group, etag, known, judging)
    if (found === 'fine') fine += 1
    else if (found) {
      const { copy, s3 } = known
      const { bucket, key } = group
      const about = s3 ?? copy
      differences.push({
        ...found,
        bucket,
        key,
        etag,
        ...(copy && { copy: copy.name }),
        ...(about && { bytes: about.bytes, uploadedAt: about.uploadedAt }),
      })
    }
  }
  if (etags.size === 0) differences.push(...goneFor(group, judging))
  return { fine, differences }
}

type Of<Kind extends Evidence['of']> = Extract<Evidence, { of: Kind }>

interface Known {
  readonly s3: Of<'s3'> | undefined
  readonly copy: Of<'copy'> | undefined
  readonly record: Of<'record'> | undefined
  readonly rows: number
  readonly rejects: number
}

function versionOf({ evidence }: KeyGroup, etag: string): Known {
  const own = evidence.filter((one) => 'etag' in one && one.etag === etag)
  const first = <Kind extends Evidence['of']>(kind: Kind) =>
    own.find((one): one is Of<Kind> => one.of === kind)
  const count = (kind: 'rows' | 'rejects') =>
    own.reduce((sum, one) => (one.of === kind && 'count' in one ? sum + one.count : sum), 0)
  return {
    s3: first('s3'),
    copy: first('copy'),
    record: first('record'),
    rows: count('rows'),
    rejects: count('rejects'),
  }
}

type Found = Pick<Difference, 'cause' | 'detail'>

async function judgeVersion(
  group: KeyGroup,
  etag: string,
  known: Known,
  judging: Judging,
): Promise<Found | 'fine' | undefined> {
  const { s3, copy, record, rows, rejects } = known
  if (record?.outcome === 'committed') {
    const isCounted = judging.counted && (s3 ?? copy) !== undefined
    if (!isCounted || (rows === record.rows && rejects === record.rejects)) return 'fine'
    const were = `${record.rows} rows and ${record.rejects} rejects were written`
    return { cause: 'counts_unequal', detail: `${were}, and there are ${rows} and ${rejects}` }
  }
  if (record?.outcome === 'ignored') return 'fine'
  if (record?.outcome === 'quarantined')
    return s3 || copy ? { cause: 'quarantined', detail: record.reason } : 'fine'
  if (copy && record === undefined) return judgeCopy({ ...group, etag }, judging)
  if (record?.outcome === 'missing' && !(s3 && judging.current)) return 'fine'
  if (s3) return judgeUncopied(group, s3, record, judging)
  if (rows + rejects > 0) return { cause: 'extra', detail: `${rows} rows and ${rejects} rejects` }
  return undefined
}

async function judgeCopy(object: Parameters<Judging['standing']>[0], { standing }: Judging): Promise<Found> {
  switch (await standing(object)) {
    case 'unclaimed':
      return { cause: 'not_notified', detail: 'no claim in the ledger' }
    case 'claimed':
      return { cause: 'not_sealed', detail: 'its group is neither sealed nor aborted' }
    case 'sealed':
      return { cause: 'not_committed', detail: 'its group is sealed, and not done' }
    case 'loaded':
      return { cause: 'not_recorded', detail: 'its group is done' }
  }
}

function judgeUncopied(
  group: KeyGroup,
  s3: Of<'s3'>,
  record: Of<'record'> | undefined,
  { current }: Judging,
): Found {
  if (isArchived(s3)) return { cause: 'archived', detail: s3.storageClass ?? '' }
  if (record) return { cause: 'copy_lost', detail: record.reason }
  const tries = triesOf(group).filter(({ at }) => at >= s3.uploadedAt - clockSlack)
  const last = tries.at(-1)
  if (!last) return { cause: 'not_announced', detail: 'the log of transfers does not have it' }
  if (last.outcome === 'copied') return { cause: 'copy_lost', detail: `copied ${iso(last.at)}` }
  const cause = last.outcome === 'gone' && !current ? 'gone' : 'not_transferred'
  return { cause, detail: `tried ${iso(last.at)}: ${last.outcome}` }
}

/** Milliseconds that the clocks of two clouds may differ by; LastModified is in whole seconds besides. */
const clockSlack = 5_000

function triesOf({ evidence }: KeyGroup): Of<'transfer'>[] {
  return evidence.filter((one): one is Of<'transfer'> => one.of === 'transfer').sort((a, b) => a.at - b.at)
}

/** What was announced, and left no other trace. */
function goneFor(group: KeyGroup, { from, to }: Judging): Difference[] {
  const last = triesOf(group).at(-1)
  if (last?.outcome !== 'gone' || last.at < from || last.at >= to) return []
  const { bucket, key } = group
  return [{ cause: 'gone', bucket, key, etag: '', detail: `tried ${iso(last.at)}` }]
}

function iso(at: number): string {
  return new Date(at).toISOString()
}
