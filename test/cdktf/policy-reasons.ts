const encryption =
  'encrypted by Google unless `google.key` and `google.datasetKey` name keys: not everybody keeps any'

/**
 * What a policy scan finds in the synthesised stacks and is left as it is: check and type of resource, and a line of reason. A
 * finding that is not here fails the scan; so does a line here that is found no more.
 */
export const policyReasons: Readonly<Record<string, string>> = {
  'CKV_AWS_144 aws_s3_bucket': 'what lands in it is copied to another cloud at once',
  'CKV_AWS_145 aws_s3_bucket':
    'load balancers write to no bucket with a key of KMS; `bucketKey` sets one where they do not',
  'CKV_AWS_18 aws_s3_bucket':
    'logs about a bucket of logs want another bucket: data events of CloudTrail tell as much',
  'CKV_GCP_62 google_storage_bucket': "Cloud Storage's data access audit logs tell as much: docs/access.md",
  'CKV_GCP_78 google_storage_bucket':
    'copies are deleted by age and can be copied again, the ledger is written with preconditions and has soft delete, the source can be uploaded again',
  'CKV_GCP_80 google_bigquery_table': encryption,
  'CKV_GCP_81 google_bigquery_dataset': encryption,
  'CKV_GCP_83 google_pubsub_topic': encryption,
  'CKV_GCP_84 google_artifact_registry_repository': encryption,
}
