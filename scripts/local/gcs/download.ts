import { createReadStream, openSync } from 'node:fs'
import type { IncomingHttpHeaders } from 'node:http'
import { pipeline, type Readable } from 'node:stream'
import { createGunzip } from 'node:zlib'
import { GcsError } from './error.ts'
import type { Reply } from './http.ts'
import { etagOf, type StoredObject } from './stored-object.ts'

/**
 * `alt=media`. As the real service does, an object stored with contentEncoding gzip is decompressed for a caller
 * that does not send `Accept-Encoding: gzip`; such an answer has no length and ignores a range.
 * The file is opened at once, so an overwrite or a delete does not disturb a download under way.
 */
export function download(object: StoredObject, file: string, headers: IncomingHttpHeaders): Reply {
  const { contentEncoding, contentType, cacheControl } = object.attributes
  const accepted =
    /\bgzip\b/.test(headers['accept-encoding'] ?? '') || /no-transform/.test(cacheControl ?? '')
  const common = { ...headersOf(object), 'content-type': contentType ?? 'application/octet-stream' }
  if (contentEncoding === 'gzip' && !accepted) {
    return {
      status: 200,
      headers: { ...common, warning: '214 UploadServer gunzipped' },
      body: gunzipped(createReadStream('', { fd: openSync(file, 'r') })),
    }
  }
  const encoding = contentEncoding ? { 'content-encoding': contentEncoding } : {}
  const range = rangeOf(headers.range, object.size)
  const length = range ? range.end - range.start + 1 : object.size
  return {
    status: range ? 206 : 200,
    headers: {
      ...common,
      ...encoding,
      'accept-ranges': 'bytes',
      'content-length': length,
      ...(range ? { 'content-range': `bytes ${range.start}-${range.end}/${object.size}` } : {}),
    },
    body: createReadStream('', { fd: openSync(file, 'r'), ...range }),
  }
}

function headersOf(object: StoredObject): Record<string, string> {
  const { cacheControl, contentDisposition, contentLanguage, contentEncoding } = object.attributes
  return {
    etag: etagOf(object),
    'last-modified': new Date(object.updated).toUTCString(),
    'x-goog-generation': String(object.generation),
    'x-goog-metageneration': String(object.metageneration),
    'x-goog-hash': `crc32c=${object.crc32c},md5=${object.md5Hash}`,
    'x-goog-storage-class': object.attributes.storageClass ?? 'STANDARD',
    'x-goog-stored-content-encoding': contentEncoding ?? 'identity',
    'x-goog-stored-content-length': String(object.size),
    ...(cacheControl ? { 'cache-control': cacheControl } : {}),
    ...(contentDisposition ? { 'content-disposition': contentDisposition } : {}),
    ...(contentLanguage ? { 'content-language': contentLanguage } : {}),
  }
}

/** One range, both ends inclusive. Anything else in the header is ignored, as HTTP allows. */
function rangeOf(header: string | undefined, size: number): { start: number; end: number } | undefined {
  const match = /^bytes=(\d*)-(\d*)$/.exec(header ?? '')
  if (!match || header === 'bytes=-') return undefined
  const [, first, last] = match
  const start = first ? Number(first) : Math.max(0, size - Number(last))
  const end = first && last ? Math.min(Number(last), size - 1) : size - 1
  if (start > end) throw new GcsError(416, 'requestedRangeNotSatisfiable', 'Request range not satisfiable')
  return { start, end }
}

/** Bytes that are not gzip end the download with an error, which the server turns into a broken connection. */
function gunzipped(stored: Readable): Readable {
  const gunzip = createGunzip()
  pipeline(stored, gunzip, (error) => {
    if (error) gunzip.destroy(error)
  })
  return gunzip
}
