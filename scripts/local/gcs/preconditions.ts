import { z } from 'zod'
import { conditionNotMet, invalid, notModified } from './error.ts'

export const preconditionsSchema = z.strictObject({
  generationMatch: z.number().optional(),
  generationNotMatch: z.number().optional(),
  metagenerationMatch: z.number().optional(),
  metagenerationNotMatch: z.number().optional(),
})

/** What must hold of the live version for a call to take effect. Generation 0 stands for "no live version". */
export type Preconditions = z.infer<typeof preconditionsSchema>

interface Version {
  readonly generation: number
  readonly metageneration: number
}

/** Reads `ifGenerationMatch` and its kin, or `ifSourceGenerationMatch` and its kin. */
export function preconditionsOf(query: URLSearchParams, subject: '' | 'Source' = ''): Preconditions {
  const read = (condition: string) => int64(query, `if${subject}${condition}`)
  return {
    generationMatch: read('GenerationMatch'),
    generationNotMatch: read('GenerationNotMatch'),
    metagenerationMatch: read('MetagenerationMatch'),
    metagenerationNotMatch: read('MetagenerationNotMatch'),
  }
}

/** A query parameter that is a number, if given. */
export function int64(query: URLSearchParams, name: string): number | undefined {
  const value = query.get(name)
  if (value === null) return undefined
  if (!/^\d{1,19}$/.test(value)) throw invalid(`Invalid value for query parameter ${name}: '${value}'.`)
  return Number(value)
}

/** Throws 412 unless everything holds of the live version, or of its absence. */
export function requireForWrite(conditions: Preconditions, live: Version | undefined): void {
  requireMatches(conditions, live)
  if (hitsNotMatch(conditions, live)) throw conditionNotMet()
}

/** As for a write, but a version the reader already has is 304. */
export function requireForRead(conditions: Preconditions, live: Version): void {
  requireMatches(conditions, live)
  if (hitsNotMatch(conditions, live)) throw notModified()
}

function requireMatches(conditions: Preconditions, live: Version | undefined): void {
  const { generationMatch, metagenerationMatch } = conditions
  if (generationMatch !== undefined && generationMatch !== (live?.generation ?? 0)) throw conditionNotMet()
  if (metagenerationMatch !== undefined && metagenerationMatch !== live?.metageneration)
    throw conditionNotMet()
}

function hitsNotMatch(conditions: Preconditions, live: Version | undefined): boolean {
  const { generationNotMatch, metagenerationNotMatch } = conditions
  return (
    (generationNotMatch !== undefined && generationNotMatch === (live?.generation ?? 0)) ||
    (metagenerationNotMatch !== undefined && (!live || metagenerationNotMatch === live.metageneration))
  )
}
