import { z } from 'zod'
import type { TableRow } from '../model/column.ts'

const claimSchema = z.object({
  group: z.string(),
  /** Epoch milliseconds, by the owner's clock. */
  at: z.number(),
})

/** Rows of one table on a standing stream, and the offset to flush it to. */
const flushedSchema = z.object({
  dataset: z.string(),
  name: z.string(),
  rows: z.number(),
  stream: z.string(),
  /** That of the last row. */
  offset: z.number(),
})

/** Rows of one table on PENDING streams, to be committed: as revisions before standing streams sealed. */
const committedSchema = z.object({
  dataset: z.string(),
  name: z.string(),
  rows: z.number(),
  streams: z.array(z.string()),
})

const sealedSchema = z.object({
  id: z.string(),
  /** Epoch milliseconds. */
  at: z.number(),
  /** What is to be made visible, by table. */
  tables: z.array(z.union([flushedSchema, committedSchema])),
  members: z.array(
    z.object({
      hash: z.string(),
      /** Places in `tables` of those it has rows in; absent: it may have rows in any. */
      tables: z.array(z.number()).optional(),
      /** The member's row of `object_log`, so that whoever flushes the group can write it. */
      record: z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()])),
    }),
  ),
})

const doneSchema = z.object({
  /** Epoch milliseconds. */
  at: z.number(),
  /** The objects in it that are loaded, by their names in the ledger: all, but for those that are past saving. */
  members: z.array(z.string()),
})

const endSchema = z.discriminatedUnion('state', [
  z.object({ state: z.literal('aborted'), at: z.number() }),
  sealedSchema.extend({ state: z.literal('sealed') }),
])

/** A claim: which group may load an object. */
export type Claim = z.infer<typeof claimSchema>
/** A group that counts: what it holds, and where. */
export type SealedGroup = z.infer<typeof sealedSchema>
/** What a group wrote to one table. */
export type SealedTable = SealedGroup['tables'][number]
/** A sealed group in which nothing is left to do: rows are visible and objects on record as far as they ever will be. */
export type DoneGroup = z.infer<typeof doneSchema>
/** How a group ended. */
export type GroupEnd = z.infer<typeof endSchema>

export function readClaim(body: string): Claim {
  return claimSchema.parse(JSON.parse(body))
}

export function readGroupEnd(body: string): GroupEnd {
  return endSchema.parse(JSON.parse(body))
}

export function readDone(body: string): DoneGroup {
  return doneSchema.parse(JSON.parse(body))
}

/** A row as the ledger keeps it: plain JSON. */
export function ledgerRecord(row: TableRow): SealedGroup['members'][number]['record'] {
  const plain = Object.entries(row).filter(([, cell]) => cell !== undefined && cell !== null)
  return Object.fromEntries(
    plain.map(([name, cell]) => [name, typeof cell === 'number' ? cell : String(cell)]),
  )
}
