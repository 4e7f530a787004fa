import { S3Client } from '@aws-sdk/client-s3'
import { SQSClient } from '@aws-sdk/client-sqs'
import { Storage } from '@google-cloud/storage'

/** Where the two clouds are. Only addresses: whatever serves these protocols will do. */
export interface RemoteOptions {
  readonly aws: {
    readonly s3Endpoint: string
    readonly sqsEndpoint: string
    readonly region: string
    readonly accessKeyId: string
    readonly secretAccessKey: string
  }
  readonly gcs: { readonly endpoint: string; readonly projectId: string }
}

export interface Remotes {
  readonly s3: S3Client
  readonly sqs: SQSClient
  readonly sqsEndpoint: string
  readonly gcs: Storage
  close(): void
}

export function connect({ aws, gcs }: RemoteOptions): Remotes {
  const { region, accessKeyId, secretAccessKey } = aws
  const settings = { region, credentials: { accessKeyId, secretAccessKey } }
  const s3 = new S3Client({ ...settings, endpoint: aws.s3Endpoint, forcePathStyle: true })
  const sqs = new SQSClient({ ...settings, endpoint: aws.sqsEndpoint })
  return {
    s3,
    sqs,
    sqsEndpoint: aws.sqsEndpoint,
    // A copy that fails is tried again as a whole; the client's own retries would go on for minutes.
    gcs: new Storage({
      apiEndpoint: gcs.endpoint,
      projectId: gcs.projectId,
      retryOptions: { autoRetry: false },
    }),
    close: () => {
      s3.destroy()
      sqs.destroy()
    },
  }
}
