import type { TableCatalog } from '../../functions/append/tables.ts'
import type { TableId, WriteApi } from '../../functions/append/write-api.ts'
import type { LoaderParts } from '../../functions/load-tools.ts'

/** The Storage Write API as any revision of the code calls it. */
export interface SimulatedWriteApi extends WriteApi {
  /**
   * Makes the rows of a BUFFERED stream visible up to this offset, inclusive.
   * Rejects with ALREADY_EXISTS when they were before, OUT_OF_RANGE when it has fewer, INVALID_ARGUMENT once it is
   * finalized, NOT_FOUND when it is gone.
   */
  flush(stream: string, offset: number): Promise<void>
  finalize(stream: string): Promise<number>
  createStream(table: TableId): Promise<string>
}

/** Table metadata as any revision asks for it. */
export interface SimulatedCatalog extends TableCatalog {
  /** The names of tables that start with this, at most so many. */
  names(dataset: string, prefix: string, atMost: number): Promise<string[]>
  count(dataset: string, prefix: string, atMost: number): Promise<number>
}

/** What a loader of the simulation is built on. */
export interface Parts extends LoaderParts {
  readonly api: SimulatedWriteApi
  readonly catalog: SimulatedCatalog
}
