import { createHash, randomBytes } from 'node:crypto'
import { connect } from 'node:net'
import { text } from 'node:stream/consumers'
import { expect, test } from 'vitest'
import { openBench, type Start, uploadMedia } from './gcs-bench.ts'

const quantum = 256 * 1024
const md5 = (bytes: Buffer) => createHash('md5').update(bytes).digest('base64')

/** The ways bytes get in. */
export function uploadContract(start: Start): void {
  test.each([
    ['in one part', { resumable: false }],
    ['resumable', { resumable: true }],
    ['in chunks', { resumable: true, chunkSize: quantum }],
    ['checked by MD5', { resumable: true, validation: 'md5' as const }],
  ])('a large upload %s arrives whole', async (_, options) => {
    const { bucket } = await openBench(start)
    const bytes = randomBytes(3 * quantum + 17)
    await bucket.file('big').save(bytes, options)
    const [downloaded] = await bucket.file('big').download()
    expect(md5(downloaded)).toBe(md5(bytes))
    expect((await bucket.file('big').getMetadata())[0]).toMatchObject({
      size: String(bytes.length),
      md5Hash: md5(bytes),
    })
  })

  test.each([false, true])('an empty object is an object (resumable: %s)', async (resumable) => {
    const { bucket } = await openBench(start)
    await bucket.file('empty').save('', { resumable })
    expect((await bucket.file('empty').getMetadata())[0]).toMatchObject({ size: '0', crc32c: 'AAAAAA==' })
    expect((await bucket.file('empty').download())[0]).toHaveLength(0)
  })

  test('bytes that look like the boundary of a multipart upload stay part of it', async () => {
    const { endpoint, bucket } = await openBench(start)
    const media = '\r\n--edg\r\n--edge\r\n-- --edge--'
    const parts = [
      '--edge',
      'content-type: application/json',
      '',
      '{"name":"a"}',
      '--edge',
      'content-type: text/x',
      '',
    ]
    const response = await fetch(`${endpoint}/upload/storage/v1/b/landing/o?uploadType=multipart`, {
      method: 'POST',
      headers: { 'content-type': 'multipart/related; boundary="edge"' },
      body: `${parts.join('\r\n')}\r\n${media}\r\n--edge--\r\n`,
    })
    expect(await response.json()).toMatchObject({
      name: 'a',
      contentType: 'text/x',
      size: String(media.length),
    })
    expect((await bucket.file('a').download())[0].toString()).toBe(media)
  })

  test('a session tells what it has received, goes on there, and repeats its result', async () => {
    const { bucket } = await openBench(start)
    const bytes = randomBytes(quantum + 5)
    const [uri] = await bucket.file('a').createResumableUpload({ metadata: { contentType: 'text/x' } })
    const put = (range: string, body: Buffer | null = null) =>
      fetch(uri, { method: 'PUT', headers: { 'content-range': range }, body: body && new Uint8Array(body) })
    const before = await put('bytes */*')
    expect([before.status, before.headers.get('range')]).toEqual([308, null])
    const first = await put(`bytes 0-${quantum - 1}/*`, bytes.subarray(0, quantum))
    expect([first.status, first.headers.get('range')]).toEqual([308, `bytes=0-${quantum - 1}`])
    expect((await put(`bytes 0-4/${bytes.length}`, bytes.subarray(0, 5))).status).toBe(400)
    expect(await bucket.file('a').exists()).toEqual([false])
    const last = `bytes ${quantum}-${bytes.length - 1}/${bytes.length}`
    expect((await put(last, bytes.subarray(quantum))).status).toBe(200)
    const finished = await put(`bytes */${bytes.length}`)
    expect(await finished.json()).toMatchObject({ name: 'a', contentType: 'text/x', md5Hash: md5(bytes) })
    const [{ generation }] = await bucket.file('a').getMetadata()
    expect(await (await put(last, bytes.subarray(quantum))).json()).toMatchObject({ generation })
  })

  test('bytes that do not match the checksum sent with them create nothing', async () => {
    const { endpoint, bucket } = await openBench(start)
    const hash = { 'x-goog-hash': `crc32c=4waSgw==,md5=${md5(Buffer.from('123456789'))}` }
    expect((await uploadMedia(endpoint, { name: 'a' }, { headers: hash, body: '12345678' })).status).toBe(400)
    const wrong = { resumable: false, validation: false, metadata: { crc32c: 'AAAAAA==' } } as const
    await expect(bucket.file('a').save('x', wrong)).rejects.toMatchObject({ code: 400 })
    expect(await bucket.file('a').exists()).toEqual([false])
    expect((await uploadMedia(endpoint, { name: 'a' }, { headers: hash, body: '123456789' })).status).toBe(
      200,
    )
  })

  test('an upload that is cut short creates nothing', async () => {
    const { endpoint, bucket } = await openBench(start)
    const { port } = new URL(endpoint)
    const socket = connect(Number(port), '127.0.0.1')
    socket.write('POST /upload/storage/v1/b/landing/o?uploadType=media&name=a HTTP/1.1\r\nhost: x\r\n')
    socket.end('content-length: 100\r\n\r\nonly this')
    await text(socket)
    const unclosed = await fetch(`${endpoint}/upload/storage/v1/b/landing/o?uploadType=multipart&name=a`, {
      method: 'POST',
      headers: { 'content-type': 'multipart/related; boundary=edge' },
      body: '--edge\r\na: b\r\n\r\n{}\r\n--edge\r\na: b\r\n\r\ncut',
    })
    expect(unclosed.status).toBe(400)
    expect(await bucket.file('a').exists()).toEqual([false])
  })
}
