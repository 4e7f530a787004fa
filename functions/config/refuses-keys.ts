import type { FormatName } from '../parse/formats.ts'

/**
 * Formats whose AWS service writes only to buckets that S3 encrypts with keys of its own, not with one of KMS.
 * https://docs.aws.amazon.com/elasticloadbalancing/latest/application/enable-access-logging.html
 * https://docs.aws.amazon.com/elasticloadbalancing/latest/classic/enable-access-logs.html
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/troubleshooting-server-access-logging.html [all 2026-11]
 */
const keyless: readonly FormatName[] = ['alb', 'alb-connection', 'clb', 's3-access']

/** Whether no log of this format arrives in a bucket with a key of KMS. */
export function refusesKeys(format: FormatName): boolean {
  return keyless.includes(format)
}
