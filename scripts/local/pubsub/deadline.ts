import { invalidArgument } from './status.ts'

/** Longest acknowledgement deadline in seconds: ModifyAckDeadlineRequest in google/pubsub/v1/pubsub.proto. */
const longestDeadlineSeconds = 600

export function requireDeadline(seconds: number, least: 0 | 10): number {
  if (seconds >= least && seconds <= longestDeadlineSeconds) return seconds
  throw invalidArgument(
    `Invalid ack deadline: ${seconds} s. It must be from ${least} to ${longestDeadlineSeconds} s.`,
  )
}
