import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3'
import { startAws } from '../../scripts/local/aws/server.ts'

/** Run as a process of its own: serves AWS on a directory, uploads one object, says so, and waits to be killed. */
const [directory = '', bucket = '', key = ''] = process.argv.slice(2)
const { s3 } = await startAws({ directory, notifications: [{ bucket, queue: 'events' }] })
const client = new S3Client({
  endpoint: s3.environment['AWS_ENDPOINT_URL_S3'] ?? '',
  region: 'us-east-1',
  forcePathStyle: true,
  credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
})
await client.send(new PutObjectCommand({ Bucket: bucket, Key: key, Body: 'survivor' }))
process.stdout.write('acknowledged\n')
