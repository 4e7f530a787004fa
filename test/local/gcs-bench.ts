import { request } from 'node:http'
import { buffer } from 'node:stream/consumers'
import { type Bucket, Storage } from '@google-cloud/storage'
import { onTestFinished } from 'vitest'

/** What a test needs of the implementation it examines. */
export interface Subject {
  readonly endpoint: string
  stop(): Promise<void>
}
export type Start = (options: { readonly pubsubEndpoint?: string }) => Promise<Subject>

export interface Bench {
  readonly endpoint: string
  readonly storage: Storage
  readonly bucket: Bucket
}

/** The official client, which retries nothing of its own accord. */
export function client(endpoint: string): Storage {
  return new Storage({ apiEndpoint: endpoint, projectId: 'causeway', retryOptions: { autoRetry: false } })
}

/** A running service with an empty bucket, stopped when the test ends. */
export async function openBench(start: Start, pubsubEndpoint?: string): Promise<Bench> {
  const subject = await start(pubsubEndpoint ? { pubsubEndpoint } : {})
  onTestFinished(() => subject.stop())
  const storage = client(subject.endpoint)
  const [bucket] = await storage.createBucket('landing')
  return { endpoint: subject.endpoint, storage, bucket }
}

/** A single upload without the client's own checks. */
export function uploadMedia(endpoint: string, query: Record<string, string>, init: RequestInit = {}) {
  const search = new URLSearchParams({ uploadType: 'media', ...query })
  return fetch(`${endpoint}/upload/storage/v1/b/landing/o?${search}`, { method: 'POST', body: 'x', ...init })
}

/** A GET with exactly these headers: fetch always accepts gzip. */
export async function plainGet(url: string, headers: Record<string, string> = {}) {
  const { promise, resolve, reject } = Promise.withResolvers<import('node:http').IncomingMessage>()
  request(url, { headers }, resolve).on('error', reject).end()
  const response = await promise
  return { status: response.statusCode, headers: response.headers, body: await buffer(response) }
}
