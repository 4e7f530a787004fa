/**
 * Stages append and commit for a group of objects: claim, append, seal, flush, record, done.
 *
 * Takes: objects held whole, as rows by table. Gives: what became of each. Never throws: a failure is a result, and
 * nothing of a failed object is ever seen unless it is sealed. The protocol is in ledger.ts.
 */

import { GroupWriter, type WriteTools } from '../append/group-writer.ts'
import { Failure } from '../model/failure.ts'
import { tableKey } from '../model/table.ts'
import type { TableRows } from '../split/table-rows.ts'
import { ClaimKeeper } from './claim-keeper.ts'
import { type FlushTools, flushGroup } from './flush-group.ts'
import type { Ledger, Taken } from './ledger.ts'
import { type DoneGroup, ledgerRecord, type SealedGroup } from './ledger-records.ts'
import type { ObjectLogRow } from './object-table.ts'
import type { RecordTable } from './record-table.ts'

export interface GroupTools extends WriteTools, FlushTools {
  readonly ledger: Ledger
  readonly log: RecordTable
  /** Milliseconds a claim stays young. */
  readonly leaseMs: number
}

/** An object ready to be loaded. */
export interface Member {
  readonly hash: string
  /** What it had been set aside by before it was read: see ledger.ts. */
  readonly setAside: string | undefined
  readonly rows: readonly TableRows[]
  /** Sum over `rows`. */
  readonly bytes: number
  /** Its row of `object_log`, but for the time of the commit. */
  readonly record: ObjectLogRow
}

export type MemberResult =
  | { readonly kind: 'committed' }
  /** Loaded before, here or elsewhere. */
  | { readonly kind: 'duplicate' }
  | { readonly kind: 'failed'; readonly error: unknown }

/** What became of a member of a group; `unlucky` when the group failed and this member had no part in it. */
export type GroupResult = MemberResult | { readonly kind: 'unlucky'; readonly error: unknown }

/** Runs one group of objects, no two of one name in the ledger. Every member is in the result. */
export async function runGroup(
  id: string,
  members: readonly Member[],
  tools: GroupTools,
): Promise<Map<Member, GroupResult>> {
  const results = new Map<Member, GroupResult>()
  const keeper = new ClaimKeeper(id, tools)
  const resolving: Promise<unknown>[] = []
  const mine: Member[] = []
  await Promise.all(
    members.map(async (member) => {
      try {
        const claiming = await tools.ledger.claim(member.hash, id, member.setAside)
        if (claiming.kind === 'claimed') {
          keeper.add(member.hash, claiming.generation)
          mine.push(member)
        } else {
          // This group's own work does not wait for another group's flush.
          resolving.push(
            resolveTaken(member.hash, claiming, tools).then((result) => results.set(member, result)),
          )
        }
      } catch (error) {
        results.set(member, failed(error))
      }
    }),
  )
  const loaded = mine.length > 0 ? await loadMembers(id, mine, tools) : []
  keeper.end()
  for (const [member, result] of loaded) results.set(member, result)
  await Promise.all(resolving)
  return results
}

/** The result of an object that another group holds or has loaded: its sealed group is flushed first. Never throws. */
export async function resolveTaken(hash: string, taken: Taken, tools: GroupTools): Promise<MemberResult> {
  if (taken.kind === 'loaded') return { kind: 'duplicate' }
  if (taken.kind === 'busy') {
    const what = `group ${taken.group} is loading it`
    return failed(new Failure('system', 'commit', 'claimed_elsewhere', what))
  }
  try {
    // Whoever sealed it may have died before it was flushed.
    const failures = await flushAndRecord(taken.group, tools, taken.done)
    return failures.has(hash) ? failed(failures.get(hash)) : { kind: 'duplicate' }
  } catch (error) {
    return failed(error)
  }
}

async function loadMembers(
  id: string,
  members: readonly Member[],
  tools: GroupTools,
): Promise<Map<Member, GroupResult>> {
  // A member whose tables need new streams must not hold up the others for long.
  const writer = new GroupWriter(tools, tools.retry.deadlineMs)
  const results = new Map<Member, GroupResult>()
  const others = () => members.filter((member) => !results.has(member))
  try {
    const written = await writeMembers(members, writer, results)
    if (written.length > 0) {
      const failures = await sealAndFlush(id, written, writer, tools)
      for (const member of written) {
        if (failures.has(member.hash)) results.set(member, failed(failures.get(member.hash)))
      }
    } else await abortGroup(id, writer, tools)
    for (const member of others()) results.set(member, { kind: 'committed' })
  } catch (error) {
    if (!writer.released) await abortGroup(id, writer, tools)
    for (const member of others()) results.set(member, resultAfter(error, failureOf(member, writer), writer))
  }
  return results
}

/**
 * Appends the members' rows. Members whose tables cannot be written are left out, with the reason in `results`, as long
 * as nothing of them is on a stream. So streams are opened first, then tables that failed lately are tried.
 * @returns the other members. @throws the first failure after that.
 */
async function writeMembers(
  members: readonly Member[],
  writer: GroupWriter,
  results: Map<Member, GroupResult>,
): Promise<readonly Member[]> {
  let left = members
  const leaveOut = () => {
    for (const member of left) {
      const error = failureOf(member, writer)
      if (error !== undefined) results.set(member, failed(error))
    }
    left = left.filter((member) => !results.has(member))
  }
  const rowsWhere = (wanted: (table: string) => boolean) =>
    left.flatMap(({ rows }) => rows).filter(({ table }) => wanted(writer.keyOf(table)))
  await writer.open(rowsWhere(() => true).map(({ table }) => table))
  leaveOut()
  const doubtful = await writer.doubtful()
  for (const table of doubtful) {
    try {
      await writer.append(rowsWhere((key) => key === table))
      await writer.settle()
    } catch (error) {
      if (!(await writer.takeBack())) throw error
      leaveOut()
    }
  }
  await writer.append(rowsWhere((key) => !doubtful.has(key)))
  return left
}

function failureOf({ rows }: Member, writer: GroupWriter): unknown {
  return rows.map(({ table }) => writer.failureOf(table)).find((error) => error !== undefined)
}

/** A member's result when its group failed. `unlucky` when the append failed but nothing was wrong with its tables. */
function resultAfter(error: unknown, own: unknown, { released }: GroupWriter): GroupResult {
  if (released || !(error instanceof Failure) || error.stage !== 'append') return failed(error)
  // The next try gets new streams.
  const streamGone = own instanceof Failure && own.code === 'stream_gone'
  return own === undefined || streamGone ? { kind: 'unlucky', error } : failed(own)
}

function failed(error: unknown) {
  return { kind: 'failed' as const, error }
}

/** A member at the end of its group. Without `rows`, which may be gone by then, it has rows in every table. */
type SealedMember = Pick<Member, 'hash' | 'record'> & Partial<Pick<Member, 'rows'>>

/**
 * Ends a group whose rows are appended: seals it, which decides, then makes it visible and records it.
 * Gives what failed after the seal, by member. @throws Failure when there is no seal, or no answer to it.
 */
export async function sealAndFlush(
  id: string,
  members: readonly SealedMember[],
  writer: GroupWriter,
  tools: GroupTools,
): Promise<ReadonlyMap<string, unknown>> {
  const tables = await writer.finish()
  const places = new Map(tables.map((table, index) => [tableKey(table), index]))
  const group: SealedGroup = {
    id,
    at: tools.clock.now(),
    tables,
    members: members.map(({ hash, record, rows }) => {
      const keys = rows && new Set(rows.map(({ table }) => writer.keyOf(table)))
      const own = keys && { tables: [...keys].flatMap((key) => places.get(key) ?? []) }
      return { hash, ...own, record: ledgerRecord(record) }
    }),
  }
  if (!(await tools.ledger.seal(group))) {
    throw new Failure('system', 'commit', 'fenced', `group ${id} took too long and was fenced`)
  }
  await writer.release()
  return flushAndRecord(group, tools)
}

/**
 * Makes a sealed group's rows visible, records its objects and marks the group done. Safe to repeat, by anyone.
 * Gives what failed, by member: a member whose tables are all visible is loaded, whatever became of the others.
 * @param done the group's mark, if it has one: members in it are on record already.
 */
async function flushAndRecord(
  group: SealedGroup,
  tools: GroupTools,
  done?: DoneGroup,
): Promise<ReadonlyMap<string, unknown>> {
  const byTable = await flushGroup(group, tools)
  const failures = new Map<string, unknown>()
  for (const { hash, tables } of group.members) {
    const own = [...byTable].filter(([place]) => tables?.includes(place) ?? true).map(([, error]) => error)
    if (own.length > 0) failures.set(hash, own.find((error) => !isFinal(error)) ?? own[0])
  }
  const loaded = group.members.filter(({ hash }) => !failures.has(hash) && !done?.members.includes(hash))
  const now = tools.clock.now() * 1000
  const times: ObjectLogRow = { committed_at: now, finished_at: now }
  await tools.log.write(loaded.map(({ record }) => ({ ...record, ...times })))
  const hashes = loaded.map(({ hash }) => hash)
  if (!done && [...byTable.values()].every(isFinal)) await tools.ledger.finish(group, hashes)
  return failures
}

/** Whether trying again cannot help: the stream is gone, say. */
function isFinal(error: unknown): boolean {
  return error instanceof Failure && error.kind === 'object'
}

/**
 * Aborts a group that has no seal, or whose seal got no answer, so that others can take its objects over at once.
 * When the abort cannot be written either, they wait for the lease.
 */
export async function abortGroup(
  id: string,
  writer: GroupWriter,
  tools: Pick<GroupTools, 'ledger'>,
): Promise<void> {
  await writer.abandon()
  try {
    await tools.ledger.abort(id)
  } catch (error) {
    if (!(error instanceof Failure)) throw error
  }
}
