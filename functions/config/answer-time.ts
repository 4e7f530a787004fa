/**
 * Seconds for one message, from its delivery to the answer: the longest acknowledgement deadline Pub/Sub has, and so the
 * function's time limit. https://cloud.google.com/pubsub/docs/lease-management [2026-11]
 */
export const answerSeconds = 600
