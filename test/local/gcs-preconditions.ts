import { once } from 'node:events'
import { request } from 'node:http'
import { expect, test } from 'vitest'
import { openBench, plainGet, type Start } from './gcs-bench.ts'

const refused = { code: 412, errors: [{ reason: 'conditionNotMet' }] }

/** What a ledger stands on. */
export function preconditionContract(start: Start): void {
  test.each([false, true])(
    'of 20 concurrent create-only writes exactly one wins (resumable: %s)',
    async (resumable) => {
      const { bucket } = await openBench(start)
      const file = bucket.file('claims/1')
      const writers = Array.from(
        { length: 20 },
        (_, writer) => `writer ${writer} ${'x'.repeat(writer * 1000)}`,
      )
      const results = await Promise.allSettled(
        writers.map((content) =>
          bucket.file('claims/1').save(content, { resumable, preconditionOpts: { ifGenerationMatch: 0 } }),
        ),
      )
      const winners = writers.filter((_, writer) => results[writer]?.status === 'fulfilled')
      expect(winners).toHaveLength(1)
      for (const result of results)
        if (result.status === 'rejected') expect(result.reason).toMatchObject({ code: 412 })
      expect((await file.download())[0].toString()).toBe(winners[0])
    },
  )

  test('a write with a generation match replaces that generation and no other', async () => {
    const { bucket } = await openBench(start)
    const file = bucket.file('claim')
    await file.save('first', { resumable: false })
    const generation = Number((await file.getMetadata())[0].generation)
    const takeOver = () =>
      file.save('second', { resumable: false, preconditionOpts: { ifGenerationMatch: generation } })
    await takeOver()
    await expect(takeOver()).rejects.toMatchObject(refused)
    expect((await file.download())[0].toString()).toBe('second')
  })

  test('a refused upload is told so even when it sends everything before it listens', async () => {
    const { bucket, endpoint } = await openBench(start)
    await bucket.file('a').save('x')
    const query = 'uploadType=multipart&name=a&ifGenerationMatch=0'
    const upload = request(`${endpoint}/upload/storage/v1/b/landing/o?${query}`, {
      method: 'POST',
      headers: { 'content-type': 'multipart/related; boundary=edge' },
    })
    const answered = once(upload, 'response')
    upload.write('--edge\r\na: b\r\n\r\n{}\r\n--edge\r\na: b\r\n\r\n')
    upload.end(Buffer.alloc(16_000_000))
    await once(upload, 'finish')
    const [response] = await answered
    expect(response.statusCode).toBe(412)
    response.resume()
  })

  test('the precondition is checked again when the last byte of a long upload is here', async () => {
    const { bucket } = await openBench(start)
    const file = bucket.file('a')
    const [uri] = await file.createResumableUpload({ preconditionOpts: { ifGenerationMatch: 0 } })
    await file.save('overtaker', { resumable: false })
    const late = await fetch(uri, { method: 'PUT', body: 'late' })
    expect(late.status).toBe(412)
    expect((await file.download())[0].toString()).toBe('overtaker')
  })

  test('every write honours its conditions, on what is there and on what is not', async () => {
    const { bucket } = await openBench(start)
    const file = bucket.file('a')
    const save = (preconditionOpts: object) => file.save('x', { resumable: false, preconditionOpts })
    await expect(save({ ifGenerationMatch: 7 })).rejects.toMatchObject(refused)
    await expect(save({ ifGenerationNotMatch: 0 })).rejects.toMatchObject(refused)
    await expect(save({ ifMetagenerationMatch: 1 })).rejects.toMatchObject(refused)
    await save({ ifGenerationMatch: 0 })
    await expect(file.setMetadata({ cacheControl: 'a' }, { ifMetagenerationMatch: 2 })).rejects.toMatchObject(
      refused,
    )
    await file.setMetadata({ cacheControl: 'a' }, { ifMetagenerationMatch: 1 })
    await expect(file.delete({ ifMetagenerationMatch: 1 })).rejects.toMatchObject(refused)
    const other = bucket.file('b')
    await file.copy(other, { preconditionOpts: { ifGenerationMatch: 0 } })
    await expect(file.copy(other, { preconditionOpts: { ifGenerationMatch: 0 } })).rejects.toMatchObject(
      refused,
    )
    await file.delete({ ifMetagenerationMatch: 2 })
    expect(await file.exists()).toEqual([false])
    await expect(file.delete({ ifGenerationMatch: 0 })).rejects.toMatchObject({ code: 404 })
  })

  test('a reader that has the generation already is told so', async () => {
    const { bucket, endpoint } = await openBench(start)
    await bucket.file('a').save('x', { resumable: false })
    const [{ generation }] = await bucket.file('a').getMetadata()
    const url = `${endpoint}/storage/v1/b/landing/o/a`
    expect((await plainGet(`${url}?ifGenerationNotMatch=${generation}`)).status).toBe(304)
    expect((await plainGet(`${url}?alt=media&ifGenerationNotMatch=${generation}`)).status).toBe(304)
    expect((await plainGet(`${url}?ifGenerationNotMatch=1`)).status).toBe(200)
    expect((await plainGet(`${url}?alt=media&ifGenerationMatch=1`)).status).toBe(412)
    expect((await plainGet(`${url}?ifSourceGenerationMatch=1`)).status).toBe(200)
  })
}
