/** https://grpc.github.io/grpc/core/md_doc_statuscodes.html, those the simulated services answer with. */
export const code = {
  invalidArgument: 3,
  deadlineExceeded: 4,
  notFound: 5,
  alreadyExists: 6,
  permissionDenied: 7,
  aborted: 10,
  outOfRange: 11,
  internal: 13,
  unavailable: 14,
} as const
