/**
 * Stages append and commit for a group of objects: claim, append, finalize, seal, commit, record.
 *
 * Takes: objects held whole, as rows by table. Gives: what became of each. Never throws: a failure is a result, and
 * nothing of a failed object is ever seen. The protocol is in ledger.ts.
 */
import type { Row } from '../model/column.ts'
import { Failure } from '../model/failure.ts'
import type { TableRows } from '../split/table-rows.ts'
import { ClaimKeeper } from './claim-keeper.ts'
import { commitGroup } from './commit-group.ts'
import { GroupWriter, type WriteTools } from './group-writer.ts'
import type { Claiming, Ledger } from './ledger.ts'
import { ledgerRecord, type SealedGroup } from './ledger-records.ts'
import type { ObjectLog } from './object-log.ts'
import type { StreamBudget } from './stream-budget.ts'

export interface GroupTools extends WriteTools {
  readonly ledger: Ledger
  readonly log: ObjectLog
  readonly budget: StreamBudget
  /** Milliseconds a claim stays young. */
  readonly lease: number
}

/** An object ready to be loaded. */
export interface Member {
  readonly hash: string
  readonly rows: readonly TableRows[]
  /** Sum over `rows`. */
  readonly bytes: number
  /** Its row of `object_log`, but for the time of the commit. */
  readonly record: Row
}

export type MemberResult =
  | { readonly kind: 'committed' }
  /** Loaded before, here or elsewhere. */
  | { readonly kind: 'duplicate' }
  | { readonly kind: 'failed'; readonly error: unknown }

/** Runs one group of objects. Every member is in the result. */
export async function runGroup(
  id: string,
  members: readonly Member[],
  tools: GroupTools,
): Promise<Map<Member, MemberResult>> {
  const results = new Map<Member, MemberResult>()
  const claims = new Map<string, string>()
  await Promise.all(
    members.map(async (member) => {
      const claiming = await claimMember(member, id, tools)
      if (claiming.kind === 'claimed') claims.set(member.hash, claiming.generation)
      else results.set(member, claiming)
    }),
  )
  const mine = members.filter(({ hash }) => claims.has(hash))
  if (mine.length === 0) return results
  const keeper = new ClaimKeeper(id, claims, tools)
  const result = await loadMembers(id, mine, tools)
  keeper.end()
  for (const member of mine) results.set(member, result)
  return results
}

/** Claims one member; a result when it is not this group's to load. */
async function claimMember(member: Member, id: string, tools: GroupTools): Promise<Claimed | MemberResult> {
  try {
    const claiming = await tools.ledger.claim(member.hash, id)
    return claiming.kind === 'claimed' ? claiming : await meetClaim(claiming, tools)
  } catch (error) {
    return { kind: 'failed', error }
  }
}

type Claimed = Extract<Claiming, { kind: 'claimed' }>

/** What it means that a claim is not ours. */
export async function meetClaim(
  claiming: Exclude<Claiming, Claimed>,
  tools: GroupTools,
): Promise<MemberResult> {
  if (claiming.kind === 'sealed') {
    // Whoever sealed it may have died before the commit.
    await publish(claiming.group, tools)
    return { kind: 'duplicate' }
  }
  const what = `group ${claiming.group} is loading it`
  return { kind: 'failed', error: new Failure('system', 'commit', 'claimed_elsewhere', what) }
}

async function loadMembers(id: string, members: readonly Member[], tools: GroupTools): Promise<MemberResult> {
  const writer = new GroupWriter(tools)
  try {
    await writer.append(members.flatMap(({ rows }) => rows))
    await sealAndPublish(id, members, writer, tools)
    return { kind: 'committed' }
  } catch (error) {
    writer.abandon()
    await giveUp(id, tools)
    return { kind: 'failed', error }
  }
}

/** Ends a group whose rows are appended: seals it, which decides, then commits and records it. */
export async function sealAndPublish(
  id: string,
  members: readonly Pick<Member, 'hash' | 'record'>[],
  writer: GroupWriter,
  tools: GroupTools,
): Promise<void> {
  const group: SealedGroup = {
    id,
    at: tools.clock.now(),
    tables: await writer.finish(),
    members: members.map(({ hash, record }) => ({ hash, record: ledgerRecord(record) })),
  }
  if (!(await tools.ledger.seal(group))) {
    throw new Failure('system', 'commit', 'fenced', `group ${id} took too long and was fenced`)
  }
  await publish(group, tools)
}

/** Makes a sealed group's rows visible and writes its objects down. Safe to repeat, by anyone. */
async function publish(group: SealedGroup, tools: GroupTools): Promise<void> {
  await commitGroup(group, tools)
  const now = tools.clock.now() * 1000
  await tools.log.write(
    group.members.map(({ record }) => ({ ...record, committed_at: now, finished_at: now })),
  )
}

/** Lets others take the objects over at once. When this cannot be written either, they wait for the lease. */
export async function giveUp(id: string, tools: Pick<GroupTools, 'ledger'>): Promise<void> {
  try {
    await tools.ledger.abort(id)
  } catch (error) {
    if (!(error instanceof Failure)) throw error
  }
}
