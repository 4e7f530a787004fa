/** The AWS service that delivers logs of a format to buckets, and what it asks of them. */
export interface Delivery {
  /** As bucket policies name it. */
  readonly service: string
  /** Whether it looks at the bucket before it writes. */
  readonly readsAcl: boolean
  /** Whether it asks where the bucket is before it writes. */
  readonly readsLocation?: true
  /** Whether its requests are known to say for which account it writes, in `aws:SourceAccount`. */
  readonly namesAccount: boolean
  /** Whether it writes below `AWSLogs/<account>/`. */
  readonly underAccount: boolean
  /** Whether it writes to a bucket that S3 encrypts with a key of KMS. */
  readonly takesKmsKeys: boolean
}

/**
 * https://docs.aws.amazon.com/elasticloadbalancing/latest/application/enable-access-logging.html
 * https://docs.aws.amazon.com/elasticloadbalancing/latest/classic/enable-access-logs.html [both 2026-11]
 * Their pages have no condition on the account: where the key is not set, it would keep every log out.
 */
export const loadBalancing: Delivery = {
  service: 'logdelivery.elasticloadbalancing.amazonaws.com',
  readsAcl: false,
  namesAccount: false,
  underAccount: true,
  takesKmsKeys: false,
}

/** https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/AWS-logs-and-resource-policy.html [2026-11] */
export const vendedLogs: Delivery = {
  service: 'delivery.logs.amazonaws.com',
  readsAcl: true,
  namesAccount: true,
  underAccount: true,
  takesKmsKeys: true,
}
