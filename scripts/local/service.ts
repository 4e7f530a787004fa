import type { CallCounts } from './calls.ts'

/**
 * One running stand-in of a cloud service.
 *
 * Listens on 127.0.0.1 only. Whatever it has acknowledged over its wire is on disk and is there again after
 * a `kill -9` and a start on the same directory. Replaceable by any other implementation: nothing outside its
 * own folder knows more of it than its addresses.
 */
export interface LocalService {
  readonly name: ServiceName
  /** Environment variables that point an official client, or the functions, at this service. */
  readonly environment: Readonly<Record<string, string>>
  /** Calls received since the start, by kind. */
  calls(): CallCounts
  /** Stops listening and releases every file and timer. Safe to call twice. */
  stop(): Promise<void>
}

export const serviceNames = [
  's3',
  'sqs',
  'iam',
  'storage-transfer',
  'gcs',
  'pubsub',
  'bigquery',
  'service-usage',
] as const
export type ServiceName = (typeof serviceNames)[number]
