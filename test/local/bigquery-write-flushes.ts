import { expect, test } from 'vitest'
import { parent, rowType, type Start, useWriteBench } from './bigquery-write-bench.ts'
import { AppendSession, callError, responseError } from './bigquery-write-client.ts'

/** What FlushRows does, and what it refuses. */
export function flushContract(start: Start): void {
  const bench = useWriteBench(start)

  /** The offset it has flushed to, or `CODE/STORAGE_ERROR`. */
  const flush = (writeStream: string, offset: number) =>
    bench.client
      .flushRows({ writeStream, offset: { value: offset } })
      .then(([response]) => Number(response.offset), callError)

  /** A BUFFERED stream with one row for each id, all in one request, and a connection to it. */
  async function bufferedWith(...ids: number[]) {
    const writeStream = await bench.create('BUFFERED')
    const session = new AppendSession(bench.client)
    const append = (offset: number, ...words: number[]) =>
      session.append({
        writeStream,
        ...rowType.rows(...words.map((id) => ({ id }))),
        offset: { value: offset },
      })
    if (ids.length > 0) await append(0, ...ids)
    return { writeStream, session, append }
  }

  test('shows the rows up to an offset, and with it, each once', async () => {
    const { writeStream, append } = await bufferedWith(1, 2, 3)
    expect(await bench.ids()).toEqual([])
    expect(await flush(writeStream, 1)).toBe(1)
    expect(await bench.ids()).toEqual([1, 2])
    await append(3, 4)
    expect(await flush(writeStream, 3)).toBe(3)
    expect(await bench.ids()).toEqual([1, 2, 3, 4])
  })

  test('tells what is flushed already from what is beyond the end', async () => {
    const { writeStream } = await bufferedWith(1, 2, 3)
    expect(await flush(writeStream, 3)).toBe('11/OFFSET_OUT_OF_RANGE')
    expect(await flush(writeStream, -1)).toBe('11/OFFSET_OUT_OF_RANGE')
    expect(await flush(writeStream, 1)).toBe(1)
    expect(await flush(writeStream, 1)).toBe('6/OFFSET_ALREADY_EXISTS')
    expect(await flush(writeStream, 0)).toBe('6/OFFSET_ALREADY_EXISTS')
    expect(await bench.ids()).toEqual([1, 2])
    expect(await flush(await bench.create('BUFFERED'), 0)).toBe('11/OFFSET_OUT_OF_RANGE')
  })

  test('does not show rows behind the last flush of a stream that is finalized', async () => {
    const { writeStream, append } = await bufferedWith(1, 2, 3)
    await flush(writeStream, 0)
    const [{ rowCount }] = await bench.client.finalizeWriteStream({ name: writeStream })
    expect(Number(rowCount)).toBe(3)
    for (const offset of [0, 2, 3]) expect(await flush(writeStream, offset)).toBe('3/STREAM_FINALIZED')
    expect(responseError(await append(3, 4))).toBe('3/STREAM_FINALIZED')
    expect((await bench.commit(writeStream)).errors).toEqual([[writeStream, 'INVALID_STREAM_TYPE']])
    expect(await bench.ids()).toEqual([1])
  })

  test('is for BUFFERED streams that exist, and to an offset', async () => {
    for (const type of ['PENDING', 'COMMITTED'] as const) {
      expect(await flush(await bench.create(type), 0)).toBe('3/INVALID_STREAM_TYPE')
    }
    expect(await flush(`${parent}/streams/_default`, 0)).toBe('3/INVALID_STREAM_TYPE')
    expect(await flush(`${parent}/streams/unknown`, 0)).toBe('5/STREAM_NOT_FOUND')
    const { writeStream } = await bufferedWith(1)
    expect(await bench.client.flushRows({ writeStream }).catch(callError)).toBe('3/')
  })

  test('goes on beside appends, and leaves their offsets alone', async () => {
    const { writeStream, append } = await bufferedWith()
    const flushes: Promise<number | string>[] = []
    for (let at = 0; at < 120; at += 3) {
      expect(Number((await append(at, at, at + 1, at + 2)).appendResult?.offset?.value)).toBe(at)
      // One ends within a request, and two at the same offset: only one of them can have shown the rows.
      flushes.push(flush(writeStream, at + 1), flush(writeStream, at + 1))
    }
    const answers = await Promise.all(flushes)
    expect(answers.filter((answer) => answer === '6/OFFSET_ALREADY_EXISTS')).toHaveLength(40)
    expect(await bench.ids()).toEqual(Array.from({ length: 119 }, (_, id) => id))
    expect(await flush(writeStream, 119)).toBe(119)
    expect(await bench.ids()).toHaveLength(120)
  })

  test('of which the later overtakes the earlier shows each row once', async () => {
    const { writeStream } = await bufferedWith(0, 1, 2, 3, 4, 5)
    const answers = await Promise.all([3, 1, 5, 2, 5].map((offset) => flush(writeStream, offset)))
    expect(answers.at(-3)).toBe(5)
    expect(
      answers.every((answer) => typeof answer === 'number' || answer === '6/OFFSET_ALREADY_EXISTS'),
    ).toBe(true)
    expect(await bench.ids()).toEqual([0, 1, 2, 3, 4, 5])
  })
}
