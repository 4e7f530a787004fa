/** Objects that services write beside their logs, and that are no logs: known by their keys alone. */
interface NotALog {
  /** What it is, with its article. */
  readonly what: string
  readonly key: RegExp
}

/** Each under keys that nothing else has, with the page that says so [all 2026-11]. */
export const notLogs: readonly NotALog[] = [
  {
    // https://docs.aws.amazon.com/elasticloadbalancing/latest/application/enable-access-logging.html,
    // .../enable-connection-logging.html, .../enable-health-check-logging.html
    what: 'a test file of Elastic Load Balancing',
    key: /(^|\/)ELB(AccessLog|ConnectionLog|HealthCheckLog)TestFile$/,
  },
  {
    // https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/S3ExportTasks.html
    what: 'a test file of CloudWatch Logs',
    key: /(^|\/)aws-logs-write-test$/,
  },
  {
    // https://docs.aws.amazon.com/config/latest/developerguide/s3-bucket-policy.html
    what: 'a test file of AWS Config',
    key: /\/Config\/ConfigWritabilityCheckFile$/,
  },
  {
    // https://docs.aws.amazon.com/ses/latest/dg/receiving-email-action-s3.html
    what: 'a test file of SES',
    key: /(^|\/)AMAZON_SES_SETUP_NOTIFICATION$/,
  },
  {
    // https://docs.aws.amazon.com/cur/latest/userguide/dataexports-s3-bucket.html
    what: 'a test file of AWS Billing',
    key: /^aws-programmatic-access-test-object$/,
  },
  {
    // https://docs.aws.amazon.com/AmazonS3/latest/userguide/storage-inventory-location.html
    what: 'a manifest of S3 Inventory',
    key: /\/\d{4}-\d\d-\d\dT\d\d-\d\dZ\/manifest\.(json|checksum)$|\/hive\/dt=[\d-]+\/symlink\.txt$/,
  },
  {
    // https://docs.aws.amazon.com/cur/latest/userguide/understanding-report-versions.html,
    // https://docs.aws.amazon.com/cur/latest/userguide/dataexports-export-delivery.html
    what: 'a manifest of a Cost and Usage Report',
    key: /\/(\d{8}-\d{8}|metadata\/BILLING_PERIOD=\d{4}-\d\d)\/([^/]+\/)?[^/]+-((Redshift)?Manifest\.json|RedshiftCommands\.sql|create-table\.sql)$/,
  },
  {
    // https://docs.aws.amazon.com/cur/latest/userguide/cur-query-athena.html
    what: 'a helper of a Cost and Usage Report',
    key: /(^|\/)crawler-cfn\.yml$|\/cost_and_usage_data_status\/[^/]+$/,
  },
  {
    // https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/S3DataExport.Output.html
    what: 'a manifest of a DynamoDB export',
    key: /(^|\/)AWSDynamoDB\/[^/]+\/(manifest-(summary|files)\.(json|md5)|_started)$/,
  },
  {
    // https://docs.aws.amazon.com/athena/latest/ug/querying-finding-output-files.html
    what: 'a file of metadata of Athena',
    key: /(^|\/)[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}(\.(csv|txt)\.metadata|-manifest\.csv)$/,
  },
  {
    // https://hadoop.apache.org/docs/stable/hadoop-aws/tools/hadoop-aws/committers.html
    what: 'an unfinished file of Hadoop or Spark',
    key: /(^|\/)_temporary\//,
  },
  {
    // https://hadoop.apache.org/docs/stable/hadoop-aws/tools/hadoop-aws/committers.html
    what: 'a marker of Hadoop or Spark that a job is done',
    key: /(^|\/)_SUCCESS$/,
  },
  {
    // https://hadoop.apache.org/docs/stable/api/org/apache/hadoop/fs/ChecksumFileSystem.html
    what: 'a checksum of Hadoop',
    key: /(^|\/)\.[^/]+\.crc$/,
  },
  {
    // https://repost.aws/knowledge-center/emr-s3-empty-files
    what: 'a folder as EMR and Hadoop make it',
    key: /_\$folder\$$/,
  },
]

/** What an object is, if its key says that it is no log. */
export function whatIsNoLog(key: string): string | undefined {
  return notLogs.find((one) => one.key.test(key))?.what
}
