import { formatCount } from '../terminal/count.ts'
import type { HopLatency } from './hop-latency.ts'

/** What a reader must know beside a hop's figures; nothing when they speak for themselves. */
export function hopNotes({ values, clamped, includedInTransfer }: HopLatency): readonly string[] {
  const notes: string[] = []
  if (includedInTransfer > 0 && values.length === 0) notes.push('included in transfer')
  else if (includedInTransfer > 0) notes.push(`included in transfer for ${objects(includedInTransfer)}`)
  if (clamped > 0) notes.push(`${formatCount(clamped)} negative (clock skew), taken as 0`)
  return notes
}

export function objects(count: number): string {
  return `${formatCount(count)} ${count === 1 ? 'object' : 'objects'}`
}
