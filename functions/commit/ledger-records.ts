import { z } from 'zod'
import type { Row } from '../model/column.ts'

const claimSchema = z.object({
  group: z.string(),
  /** Epoch milliseconds, by the owner's clock. */
  at: z.number(),
})

const sealedSchema = z.object({
  id: z.string(),
  /** Epoch milliseconds. */
  at: z.number(),
  /** The streams to commit, by table. */
  tables: z.array(
    z.object({ dataset: z.string(), name: z.string(), streams: z.array(z.string()), rows: z.number() }),
  ),
  members: z.array(
    z.object({
      hash: z.string(),
      /** The member's row of `object_log`, so that whoever commits the group can write it. */
      record: z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()])),
    }),
  ),
})

const endSchema = z.discriminatedUnion('state', [
  z.object({ state: z.literal('aborted'), at: z.number() }),
  sealedSchema.extend({ state: z.literal('sealed') }),
])

/** A claim: which group may load an object. */
export type Claim = z.infer<typeof claimSchema>
/** A group that counts: what it holds, and where. */
export type SealedGroup = z.infer<typeof sealedSchema>
/** How a group ended. */
export type GroupEnd = z.infer<typeof endSchema>

export function readClaim(body: string): Claim {
  return claimSchema.parse(JSON.parse(body))
}

export function readGroupEnd(body: string): GroupEnd {
  return endSchema.parse(JSON.parse(body))
}

/** A row as the ledger keeps it: plain JSON. */
export function ledgerRecord(row: Row): SealedGroup['members'][number]['record'] {
  const plain = Object.entries(row).filter(([, cell]) => cell !== undefined && cell !== null)
  return Object.fromEntries(
    plain.map(([name, cell]) => [name, typeof cell === 'number' ? cell : String(cell)]),
  )
}
