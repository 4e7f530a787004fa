/**
 * How far an error reaches.
 * - `object`: this object cannot be loaded, whoever tries: quarantined after its delivery attempts.
 * - `system`: nothing wrong with the object: tried again later.
 * A bad row is no failure; it is a reject (see reject.ts).
 */
export type FailureKind = 'object' | 'system'

/** A code for people: one sentence of what it means, and one of what to do about it. */
export interface Explained {
  readonly means: string
  readonly todo: string
}

const again = 'load the object again'
const nothing = 'nothing: it ends by itself'

/** Every failure there is, in the order of the stages. A closed set: alerts and `docs/failures.md` are made from it. */
export const failures = {
  not_a_notification: {
    kind: 'object',
    means: 'The message is no announcement of Cloud Storage, or its parts contradict each other.',
    todo: 'Find out who else publishes to the topic of the landing bucket.',
  },
  unknown_bucket: {
    kind: 'object',
    means: 'The message announces an object of another bucket than the landing bucket.',
    todo: 'Remove the notification of that bucket from the topic.',
  },
  no_source: {
    kind: 'object',
    means: 'No source of the configuration takes the object, or its name is not that of a copy.',
    todo: `Add a source, or widen a prefix, and ${again}.`,
  },
  past_ledger: {
    kind: 'object',
    means: 'The object is older than the ledger remembers, so it may have been loaded before.',
    todo: `If it was not, leave out \`google.ledgerDays\` or raise it, and ${again}.`,
  },
  object_missing: {
    kind: 'object',
    means: 'The copy was deleted or replaced after it was announced.',
    todo: 'If it was replaced, the new copy is announced by itself. If it was deleted, upload the object again.',
  },
  corrupt_gzip: {
    kind: 'object',
    means: 'The gzip data is damaged or cut off.',
    todo: 'Upload a sound file under the same key.',
  },
  corrupt_zstd: {
    kind: 'object',
    means: 'The zstd data is damaged or cut off.',
    todo: 'Upload a sound file under the same key.',
  },
  corrupt_data: {
    kind: 'object',
    means:
      'The data is packed by zip, bzip2, xz, snappy or LZ4, and damaged, cut off, or packed in a way that is not read.',
    todo: 'The detail says what is wrong. Upload a sound file under the same key.',
  },
  corrupt_parquet: {
    kind: 'object',
    means: 'The Parquet data is damaged or cut off.',
    todo: 'Upload a sound file under the same key.',
  },
  object_too_large: {
    kind: 'object',
    means: 'The Parquet file, or one of its row groups, is larger than what is held in memory.',
    todo: 'Write smaller files or row groups; the detail says whether naming the format raises the limit.',
  },
  unknown_format: {
    kind: 'object',
    means: 'No format fits: the key says one thing and the lines another, or the object is no text.',
    todo: `Name the \`format\` in a source for such keys, and ${again}.`,
  },
  read_failed: {
    kind: 'system',
    means: 'Cloud Storage did not give the copy.',
    todo: `As a rule ${nothing}. If it stays, see the detail.`,
  },
  functions_stuck: {
    kind: 'object',
    means:
      'A function or expression of the source did not return within a second on five lines of the object.',
    todo: `Mend the function or expression, and ${again}.`,
  },
  append_refused: {
    kind: 'object',
    means:
      'BigQuery refuses rows of the object. (Where it refuses the row of `object_log`, the delivery is tried again.)',
    todo: `The detail says which table and why. Mend the table or the source, and ${again}.`,
  },
  append_unavailable: {
    kind: 'system',
    means: 'BigQuery did not take rows, for a reason that has nothing to do with them.',
    todo: `As a rule ${nothing}. If it stays, see the detail, and the quotas of the Storage Write API.`,
  },
  table_unavailable: {
    kind: 'system',
    means: 'A table could not be looked up, made or written to.',
    todo: 'See the detail: a table that was changed by hand, or a quota of BigQuery.',
  },
  schema_behind: {
    kind: 'system',
    means: 'The table has other columns than the rows were read for; they are read again.',
    todo: `As a rule ${nothing}. If it stays, the table has a column of another type: the detail names it.`,
  },
  commit_refused: {
    kind: 'object',
    means:
      'The object is sealed, and BigQuery no longer has the rows of one of its tables. Its other tables are visible.',
    todo: 'Find out who deleted or replaced that table; take the missing rows from the source object by hand.',
  },
  commit_unavailable: {
    kind: 'system',
    means: 'The object is sealed, and its rows could not be made visible yet.',
    todo: `As a rule ${nothing}. If it stays, see the detail: rows unflushed for 7 days are lost.`,
  },
  stream_gone: {
    kind: 'system',
    means: 'BigQuery has dropped the write stream; the rows go to a new one.',
    todo: `As a rule ${nothing}.`,
  },
  streams_exhausted: {
    kind: 'system',
    means: 'This instance has used its share of the write streams that may be made in an hour.',
    todo: 'If it stays, something makes instances start or fail over and over: see the errors before it.',
  },
  group_failed: {
    kind: 'system',
    means: 'The object was several times in a group that failed through no fault of its own.',
    todo: 'See the failure of the other object, which the detail repeats.',
  },
  offset_mismatch: {
    kind: 'system',
    means: 'BigQuery put rows elsewhere in a stream than they were sent; the stream is left for a new one.',
    todo: 'Nothing was lost. It should never happen: report it.',
  },
  ledger_unavailable: {
    kind: 'system',
    means: 'The ledger bucket could not be read or written.',
    todo: `As a rule ${nothing}. If it stays, see the detail: is the bucket there, with the permissions of the stack?`,
  },
  permission_denied: {
    kind: 'system',
    means: 'A service refuses a call for want of a permission.',
    todo: 'Deploy again: it puts the permissions of the stack back. `doctor` says which are missing.',
  },
  claimed_elsewhere: {
    kind: 'system',
    means: 'Another instance is at work on the object.',
    todo: `Nothing: this delivery comes again and finds out what became of it.`,
  },
  fenced: {
    kind: 'system',
    means: 'The group took so long that another instance took its objects over.',
    todo: 'If it repeats, instances are starved: see their CPU, and lower `google.function.concurrency`.',
  },
  circuit_open: {
    kind: 'system',
    means: 'A service or table failed five times in a row and is left alone for 30 s.',
    todo: 'See the failures before it.',
  },
  load_died: {
    kind: 'object',
    means: 'The object killed the function, or took longer than a delivery may, three times.',
    todo: `See the function's log for memory and time. Raise \`google.function.memory\`, or write smaller files, and ${again}.`,
  },
  shutting_down: {
    kind: 'system',
    means: 'The instance was stopping when the message came.',
    todo: `Nothing: another instance gets it.`,
  },
  unexpected: {
    kind: 'object',
    means: 'An error that nobody foresaw.',
    todo: `Report it, with the line of the function's log. Once it is mended, ${again}.`,
  },
} as const satisfies Readonly<Record<string, Explained & { readonly kind: FailureKind }>>
