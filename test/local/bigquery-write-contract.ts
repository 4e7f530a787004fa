import { describe } from 'vitest'
import { appendContract } from './bigquery-write-appends.ts'
import type { Start } from './bigquery-write-bench.ts'
import { flushContract } from './bigquery-write-flushes.ts'
import { rowContract } from './bigquery-write-rows.ts'
import { streamContract } from './bigquery-write-streams.ts'

/** What the Storage Write API promises, asked of any implementation through the official client. */
export function bigqueryWriteContract(start: Start): void {
  describe('streams', () => streamContract(start))
  describe('appends', () => appendContract(start))
  describe('FlushRows', () => flushContract(start))
  describe('requests', () => rowContract(start))
}
