import { PermissionDenied } from '../model/failure.ts'

/**
 * Why a 403 is for want of a permission. BigQuery answers 403 to much else, such as quotas:
 * https://docs.cloud.google.com/bigquery/docs/error-messages, and Cloud Storage's own:
 * https://docs.cloud.google.com/storage/docs/json_api/v1/status-codes#403-forbidden [2026-11]
 */
const reasons: ReadonlySet<unknown> = new Set(['accessDenied', 'forbidden', 'insufficientPermissions'])

/** An error of a client of Cloud Storage or BigQuery: a `PermissionDenied` when it is one. */
export function restError(error: unknown): unknown {
  if (!(error instanceof Error && 'code' in error && Number(error.code) === 403)) return error
  const given = 'errors' in error && Array.isArray(error.errors) ? error.errors : []
  // A refused download has no error document, and hence no reason.
  const known = given.flatMap((one: unknown) => (hasReason(one) ? [one.reason] : []))
  return known.length === 0 || known.some((reason) => reasons.has(reason))
    ? new PermissionDenied(error)
    : error
}

function hasReason(error: unknown): error is { readonly reason: unknown } {
  return typeof error === 'object' && error !== null && 'reason' in error
}
