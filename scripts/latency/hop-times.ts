/** When one object passed each point between the upload and the query, in ms since the epoch. */
export interface HopTimes {
  /** Identity for the reader, such as `s3://bucket/key`. */
  readonly object: string
  /** S3 acknowledged the upload (LastModified). AWS clock. */
  readonly uploadedAt: number
  /** The transfer worker took the S3 event from the queue. Unknown with the managed transfer service. */
  readonly eventReceivedAt?: number
  /** The object was finalized in GCS. */
  readonly landedAt: number
  /** Pub/Sub published the notification of it. Inside the notification hop; not a bound of any. */
  readonly notifiedAt?: number
  /** The load function was called with the notification, at the delivery that loaded the object. */
  readonly startedAt: number
  /** The rows were visible to queries: BigQuery's commit time. */
  readonly committedAt: number
}
