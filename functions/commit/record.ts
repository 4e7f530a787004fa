import type { Source } from '../config/schema.ts'
import type { Notification } from '../finalize/notification.ts'
import { sourceUri } from '../model/object.ts'
import type { Outcome } from '../model/outcome.ts'
import type { ObjectCounts } from '../split/object-rows.ts'
import type { ObjectLogRow } from './object-table.ts'

/** What was counted as an object was read. */
export interface ReadCounts extends ObjectCounts {
  /** Its bytes, decompressed. */
  readonly bytes: number
}

/** What is known of an object once it is done with. Times in epoch milliseconds. */
export interface Finished {
  readonly notification: Notification
  readonly outcome: Outcome
  readonly source: Source | undefined
  /** Of an object that was read whole. */
  readonly read?: ReadCounts
  readonly startedAt: number
  readonly finishedAt: number
  readonly revision: string
}

/** The row of `object_log` that says so; of a committed object, all but the time of the commit. */
export function objectRecord(finished: Finished): ObjectLogRow {
  const { notification, outcome, source, startedAt, finishedAt, revision } = finished
  return {
    finished_at: micros(finishedAt),
    source: source?.name,
    format: source?.format,
    message_id: notification.messageId,
    outcome: outcome.kind,
    published_at: micros(notification.publishedAt),
    started_at: micros(startedAt),
    revision,
    ...results(finished),
    ...identity(notification),
  }
}

function results({ outcome, read }: Finished): ObjectLogRow {
  if (outcome.kind === 'committed') {
    return {
      bytes_read: read?.bytes,
      lines_read: outcome.counts.read,
      rows_written: outcome.counts.written,
      rows_filtered: outcome.counts.filtered,
      filtered_by: read?.filteredBy.size ? JSON.stringify(Object.fromEntries(read.filteredBy)) : undefined,
      rows_rejected: outcome.counts.rejected,
      rows_extra: read?.shapeCounts.extraRows,
      rows_without_time: read?.rowsWithoutTime,
      lines_not_utf8: read?.linesNotUtf8,
      values_misfit: read?.shapeCounts.misfits,
      fields_discarded: read?.shapeCounts.discarded,
      apps: JSON.stringify(Object.fromEntries(read?.rowsByApp ?? [])),
    }
  }
  return 'reason' in outcome ? { reason: outcome.reason, detail: outcome.detail } : {}
}

function identity({ announced }: Notification): ObjectLogRow {
  if (announced.kind !== 'object') return { landing_uri: announced.landing }
  const { object } = announced
  return {
    source_uri: sourceUri(object.source),
    source_etag: object.source.etag,
    landing_uri: `gs://${object.bucket}/${object.name}`,
    generation: object.generation,
    bytes: object.bytes,
    uploaded_at: micros(object.source.uploadedAt),
    landed_at: micros(object.landedAt),
  }
}

function micros(millis: number | undefined): number | undefined {
  return millis === undefined ? undefined : Math.round(millis * 1000)
}
