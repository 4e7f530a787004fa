/** What an HTTP request asks of S3 or SQS. `call` is the vendor's own name of the operation. */
export type AwsOperation =
  | { readonly service: 'sqs'; readonly call: string }
  | { readonly service: 's3'; readonly call: string; readonly bucket: string; readonly key: string }

interface S3Route {
  readonly call: string
  readonly method: string
  readonly on: 'service' | 'bucket' | 'object'
  /** Query parameters that must be there. */
  readonly needs?: readonly string[]
  /** Further query parameters that may be. */
  readonly allows?: readonly string[]
  /** Whether it carries `x-amz-copy-source`; the rest must not. */
  readonly copies?: true
}

const listing = ['prefix', 'delimiter', 'max-keys', 'encoding-type']

/** The S3 operations that are served. Anything else is refused, as fauxqs would take it for one of these. */
const s3Routes: readonly S3Route[] = [
  { call: 'ListBuckets', method: 'GET', on: 'service' },
  { call: 'CreateBucket', method: 'PUT', on: 'bucket' },
  { call: 'HeadBucket', method: 'HEAD', on: 'bucket' },
  { call: 'DeleteBucket', method: 'DELETE', on: 'bucket' },
  { call: 'GetBucketLocation', method: 'GET', on: 'bucket', needs: ['location'] },
  { call: 'GetBucketNotificationConfiguration', method: 'GET', on: 'bucket', needs: ['notification'] },
  { call: 'PutBucketNotificationConfiguration', method: 'PUT', on: 'bucket', needs: ['notification'] },
  { call: 'DeleteObjects', method: 'POST', on: 'bucket', needs: ['delete'] },
  {
    call: 'ListObjectsV2',
    method: 'GET',
    on: 'bucket',
    needs: ['list-type'],
    allows: [...listing, 'continuation-token', 'start-after', 'fetch-owner'],
  },
  { call: 'ListObjects', method: 'GET', on: 'bucket', allows: [...listing, 'marker'] },
  { call: 'CreateMultipartUpload', method: 'POST', on: 'object', needs: ['uploads'] },
  { call: 'CompleteMultipartUpload', method: 'POST', on: 'object', needs: ['uploadId'] },
  { call: 'AbortMultipartUpload', method: 'DELETE', on: 'object', needs: ['uploadId'] },
  { call: 'UploadPart', method: 'PUT', on: 'object', needs: ['uploadId', 'partNumber'] },
  { call: 'UploadPartCopy', method: 'PUT', on: 'object', needs: ['uploadId', 'partNumber'], copies: true },
  { call: 'CopyObject', method: 'PUT', on: 'object', copies: true },
  { call: 'PutObject', method: 'PUT', on: 'object' },
  { call: 'HeadObject', method: 'HEAD', on: 'object', allows: ['partNumber'] },
  { call: 'GetObjectAttributes', method: 'GET', on: 'object', needs: ['attributes'] },
  { call: 'GetObject', method: 'GET', on: 'object', allows: ['partNumber'] },
  { call: 'DeleteObject', method: 'DELETE', on: 'object' },
]

/**
 * The SQS operations that are served. CreateQueue and DeleteQueue are not: the queues are those of the
 * notifications, and fauxqs drops the messages of a queue that is created again from another region.
 */
const sqsCalls = [
  'GetQueueUrl',
  'ListQueues',
  'GetQueueAttributes',
  'SetQueueAttributes',
  'SendMessage',
  'SendMessageBatch',
  'ReceiveMessage',
  'DeleteMessage',
  'DeleteMessageBatch',
  'ChangeMessageVisibility',
  'ChangeMessageVisibilityBatch',
  'PurgeQueue',
]

export interface AwsRequest {
  readonly method: string
  /** Path and query, path-style. */
  readonly url: string
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
}

/** Names the operation a request asks for; undefined when it is not one that is served. */
export function operationOf(request: AwsRequest): AwsOperation | undefined {
  const target = request.headers['x-amz-target']
  if (target !== undefined) return sqsOperation(String(target))
  const { pathname, searchParams } = new URL(request.url, 'http://localhost')
  const [, bucket = '', key = ''] = /^\/([^/]*)\/?(.*)$/s.exec(pathname) ?? []
  const on = key ? 'object' : bucket ? 'bucket' : 'service'
  const copies = 'x-amz-copy-source' in request.headers
  const query = [...searchParams.keys()].filter((name) => name !== 'x-id' && !/^x-amz-/i.test(name))
  const route = s3Routes.find(
    (route) =>
      route.method === request.method &&
      route.on === on &&
      (route.copies ?? false) === copies &&
      (route.needs ?? []).every((name) => query.includes(name)) &&
      query.every((name) => route.needs?.includes(name) || route.allows?.includes(name)),
  )
  return route && { service: 's3', call: route.call, bucket, key: decodeURIComponent(key) }
}

function sqsOperation(target: string): AwsOperation | undefined {
  const call = target.replace(/^AmazonSQS\./, '')
  return sqsCalls.includes(call) ? { service: 'sqs', call } : undefined
}
