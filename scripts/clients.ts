import { IAMClient } from '@aws-sdk/client-iam'
import { S3Client } from '@aws-sdk/client-s3'
import { SQSClient } from '@aws-sdk/client-sqs'
import { STSClient } from '@aws-sdk/client-sts'
import { BigQuery } from '@google-cloud/bigquery'
import { PubSub } from '@google-cloud/pubsub'
import { Storage } from '@google-cloud/storage'
import { StorageTransferServiceClient } from '@google-cloud/storage-transfer'
import { credentials } from '@grpc/grpc-js'
import { GoogleAuth } from 'google-auth-library'
import type { Bridge } from '../functions/config/schema.ts'
import type { ServiceAddresses } from './settings.ts'

/** The official clients, with whatever credentials their own default chains find. */
export interface Clients {
  readonly sts: STSClient
  readonly s3: S3Client
  readonly sqs: SQSClient
  readonly iam: IAMClient
  readonly google: GoogleAuth
  readonly storage: Storage
  readonly pubsub: PubSub
  readonly transfer: StorageTransferServiceClient
  readonly bigquery: BigQuery
  readonly addresses: ServiceAddresses
  close(): Promise<void>
}

export function openClients(bridge: Bridge, addresses: ServiceAddresses): Clients {
  const { project, location } = bridge.google
  const aws = { region: bridge.aws.region, maxAttempts: 2 }
  const sts = new STSClient(aws)
  // Elsewhere than at AWS the address may be an IP: buckets go into the path.
  const s3 = new S3Client({
    ...aws,
    followRegionRedirects: true,
    forcePathStyle: addresses.s3 !== undefined,
  })
  const sqs = new SQSClient(aws)
  const iam = new IAMClient(aws)
  const pubsub = new PubSub({ projectId: project })
  const transfer = transferClient(project, addresses.transfer)
  const google = new GoogleAuth({ scopes: 'https://www.googleapis.com/auth/cloud-platform' })
  return {
    sts,
    s3,
    sqs,
    iam,
    google,
    pubsub,
    transfer,
    addresses,
    storage: new Storage({ projectId: project, retryOptions: { autoRetry: false } }),
    bigquery: new BigQuery({ projectId: project, location, autoRetry: false }),
    close: async () => {
      for (const client of [sts, s3, sqs, iam]) client.destroy()
      // A client that could not sign in cannot be closed either, and has nothing open.
      await Promise.allSettled([pubsub.close(), transfer.close()])
    },
  }
}

function transferClient(projectId: string, address: string | undefined): StorageTransferServiceClient {
  if (address === undefined) return new StorageTransferServiceClient({ projectId })
  const [apiEndpoint = '', port] = address.split(':')
  const sslCreds = credentials.createInsecure()
  return new StorageTransferServiceClient({ projectId, apiEndpoint, port: Number(port), sslCreds })
}
