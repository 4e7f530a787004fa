import { createHash } from 'node:crypto'
import { gzipSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { openBench, plainGet, type Start, uploadMedia } from './gcs-bench.ts'

/** Reading and changing what is stored. */
export function objectContract(start: Start): void {
  test('an object comes back with the resource of the JSON API', async () => {
    const { bucket } = await openBench(start)
    const file = bucket.file('logs/a.log')
    const metadata = { 'x-goog-source-etag': '"abc"' }
    await file.save('123456789', {
      resumable: false,
      metadata: { contentType: 'text/plain', metadata, customTime: '2026-11-01T10:00:00+01:00' },
    })
    const [resource] = await file.getMetadata()
    expect(resource).toMatchObject({
      kind: 'storage#object',
      bucket: 'landing',
      name: 'logs/a.log',
      id: `landing/logs/a.log/${resource.generation}`,
      generation: expect.stringMatching(/^\d{16}$/),
      metageneration: '1',
      size: '9',
      contentType: 'text/plain',
      storageClass: 'STANDARD',
      crc32c: '4waSgw==', // the check value of CRC-32C, 0xe3069283
      md5Hash: createHash('md5').update('123456789').digest('base64'),
      metadata,
      customTime: '2026-11-01T09:00:00.000Z',
      etag: expect.any(String),
      timeCreated: expect.stringMatching(/^\d{4}-.*Z$/),
      updated: resource.timeCreated,
    })
    expect((await file.download())[0].toString()).toBe('123456789')
  })

  test.each(['with spaces + plus', '100%', 'a/b//c', 'q?x=1&y#z', 'ünï/日本/🚚', '%2F', 'x=1,y;z'])(
    'the name %j is kept as it is',
    async (name) => {
      const { bucket } = await openBench(start)
      await bucket.file(name).save(name, { resumable: false })
      await bucket.file(`${name}~`).save(name)
      expect((await bucket.file(name).download())[0].toString()).toBe(name)
      const [files] = await bucket.getFiles()
      expect(files.map((file) => file.name)).toEqual([name, `${name}~`])
      await bucket.file(name).copy(bucket.file('copy'))
      await bucket.file(name).delete()
      expect(await bucket.file(name).exists()).toEqual([false])
      expect((await bucket.file('copy').download())[0].toString()).toBe(name)
    },
  )

  test('a listing goes by prefix, delimiter, offset and page, in byte order', async () => {
    const { bucket } = await openBench(start)
    const names = ['a/1', 'a/2/x', 'a/2/y', 'a/3', 'b', 'a/%', 'a/_', 'a/\uffee', 'a/🚚']
    await Promise.all(names.map((name) => bucket.file(name).save('', { resumable: false })))
    const list = async (query: object) => {
      const [files, next, answer] = await bucket.getFiles({ autoPaginate: false, ...query })
      const { prefixes, nextPageToken } = (answer ?? {}) as { prefixes?: string[]; nextPageToken?: string }
      return { names: files.map((file) => file.name), prefixes, nextPageToken, more: next !== null }
    }
    expect(await list({ prefix: 'a/', delimiter: '/' })).toMatchObject({
      names: ['a/%', 'a/1', 'a/3', 'a/_', 'a/\uffee', 'a/🚚'],
      prefixes: ['a/2/'],
    })
    expect((await list({ startOffset: 'a/3', endOffset: 'b' })).names).toEqual([
      'a/3',
      'a/_',
      'a/\uffee',
      'a/🚚',
    ])
    const first = await list({ prefix: 'a/', delimiter: '/', maxResults: 3 })
    expect(first).toMatchObject({ names: ['a/%', 'a/1'], prefixes: ['a/2/'] })
    const second = await list({ prefix: 'a/', delimiter: '/', maxResults: 4, pageToken: first.nextPageToken })
    expect(second).toMatchObject({
      names: ['a/3', 'a/_', 'a/\uffee', 'a/🚚'],
      prefixes: undefined,
      more: false,
    })
    const [all] = await bucket.getFiles({ maxResults: 2, autoPaginate: true })
    expect(all).toHaveLength(2)
  })

  test('metadata is merged, its metageneration counts, and customTime never moves back', async () => {
    const { bucket, endpoint } = await openBench(start)
    const file = bucket.file('a')
    const patch = (body: object) =>
      fetch(`${endpoint}/storage/v1/b/landing/o/a`, { method: 'PATCH', body: JSON.stringify(body) })
    await file.save('x', {
      resumable: false,
      metadata: { cacheControl: 'no-cache', metadata: { keep: '1', drop: '2' } },
    })
    await patch({
      customTime: '2026-11-02T00:00:00Z',
      cacheControl: null,
      metadata: { drop: null, add: '3' },
    })
    const [resource] = await file.getMetadata()
    expect(resource).toMatchObject({ metageneration: '2', metadata: { keep: '1', add: '3' } })
    expect(resource).not.toHaveProperty('cacheControl')
    expect(resource.metadata).not.toHaveProperty('drop')
    await expect(file.setMetadata({ customTime: '2026-11-01T00:00:00Z' })).rejects.toMatchObject({
      code: 400,
    })
    expect((await patch({ customTime: null })).status).toBe(400)
    expect((await file.getMetadata())[0]).toMatchObject({
      customTime: '2026-11-02T00:00:00.000Z',
      metageneration: '2',
    })
  })

  test('a range is served, a wrong one refused, and a generation that is gone not found', async () => {
    const { bucket, endpoint } = await openBench(start)
    const file = bucket.file('a')
    await file.save('0123456789', { resumable: false })
    const [{ generation }] = await file.getMetadata()
    expect((await file.download({ start: 2, end: 4 }))[0].toString()).toBe('234')
    const url = `${endpoint}/download/storage/v1/b/landing/o/a?alt=media`
    const tail = await plainGet(url, { range: 'bytes=-3' })
    expect(tail).toMatchObject({
      status: 206,
      headers: { 'content-range': 'bytes 7-9/10', 'content-length': '3' },
    })
    expect((await plainGet(url, { range: 'bytes=10-' })).status).toBe(416)
    await file.save('new', { resumable: false })
    expect(await plainGet(`${url}&generation=${generation}`)).toMatchObject({
      status: 404,
      body: Buffer.from('No such object: landing/a'),
    })
    expect(Number((await file.getMetadata())[0].generation)).toBeGreaterThan(Number(generation))
  })

  describe('an object stored as gzip', () => {
    const zipped = gzipSync('plain text')
    const open = async () => {
      const bench = await openBench(start)
      await bench.bucket
        .file('a.gz')
        .save(zipped, { resumable: false, metadata: { contentEncoding: 'gzip' } })
      return { ...bench, url: `${bench.endpoint}/storage/v1/b/landing/o/a.gz?alt=media` }
    }

    test('is decompressed for a caller that does not accept gzip, without length or range', async () => {
      const { url } = await open()
      const { status, headers, body } = await plainGet(url, { range: 'bytes=0-3' })
      expect({ status, body: body.toString() }).toEqual({ status: 200, body: 'plain text' })
      expect(headers).toMatchObject({ 'x-goog-stored-content-encoding': 'gzip' })
      expect(headers).not.toHaveProperty('content-length')
      expect(headers).not.toHaveProperty('content-encoding')
    })

    test('is served as stored to a caller that accepts gzip, as the official client does', async () => {
      const { url, bucket } = await open()
      const { headers, body } = await plainGet(url, { 'accept-encoding': 'gzip' })
      expect(body).toEqual(zipped)
      expect(headers).toMatchObject({ 'content-encoding': 'gzip', 'content-length': String(zipped.length) })
      expect((await bucket.file('a.gz').download())[0].toString()).toBe('plain text')
      expect((await bucket.file('a.gz').download({ decompress: false }))[0]).toEqual(zipped)
    })
  })

  test('a bucket is made once and goes only when empty', async () => {
    const { storage, bucket } = await openBench(start)
    await expect(storage.createBucket('landing')).rejects.toMatchObject({ code: 409 })
    await bucket.file('a').save('x')
    await expect(bucket.delete()).rejects.toMatchObject({ code: 409, errors: [{ reason: 'conflict' }] })
    await bucket.file('a').delete()
    await bucket.delete()
    expect(await bucket.exists()).toEqual([false])
    expect((await storage.getBuckets())[0]).toEqual([])
    await expect(bucket.file('a').save('x')).rejects.toMatchObject({ code: 404 })
  })

  test('what is missing or malformed is refused in the shape of the JSON API', async () => {
    const { endpoint, bucket } = await openBench(start)
    await expect(bucket.file('none').getMetadata()).rejects.toMatchObject({
      code: 404,
      message: 'No such object: landing/none',
      errors: [{ domain: 'global', reason: 'notFound' }],
    })
    const refusals = [
      [await uploadMedia(endpoint, {}), 400, 'required'],
      [await uploadMedia(endpoint, { name: 'a', ifGenerationMatch: 'soon' }), 400, 'invalid'],
      [await uploadMedia(endpoint, { name: 'a\nb' }), 400, 'invalid'],
      [await fetch(`${endpoint}/b/landing/o/%FF`), 400, 'invalid'],
      [await fetch(`${endpoint}/b/landing/o/a/b`), 404, 'notFound'],
    ] as const
    for (const [response, code, reason] of refusals) {
      expect(response.status).toBe(code)
      expect(await response.json()).toMatchObject({ error: { code, errors: [{ domain: 'global', reason }] } })
    }
  })
}
