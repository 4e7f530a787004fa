import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { FormatName } from '../../../functions/parse/formats.ts'
import { readObject, sourceOf } from '../../split/read-object.ts'

const text = sourceOf({ format: 'text' })
const at = (second: number) => `2026-11-20 10:15:${String(second).padStart(2, '0')},000`
const messages = (rows: readonly Record<string, unknown>[]) => rows.map((row) => row['message'])
const numbers = (rows: readonly Record<string, unknown>[]) => rows.map((row) => Number(row['source_line']))

describe('text', () => {
  const trace = ['java.io.IOException: closed', '\tat A.b(A.java:7)', '', 'Caused by: x', '\t... 3 more']

  test('lines that begin with no time belong to the one before that does', async () => {
    const records = [`${at(0)} started`, [`${at(1)} failed`, ...trace].join('\n'), `${at(2)} retried`]
    const { rows, rejects, counts } = await readObject(text, `${records.join('\n')}\n`)
    expect(rejects).toEqual([])
    expect(messages(rows)).toEqual(records)
    expect(numbers(rows)).toEqual([1, 2, 8])
    expect(rows.every((row) => row['event_time'] !== undefined)).toBe(true)
    expect(counts).toEqual({ read: 3, written: 3, filtered: 0, rejected: 0 })
  })

  test('not where the source says so, nor where lines begin with no times', async () => {
    const content = `${at(0)} started\n\tat x\n`
    expect((await readObject({ ...text, joinLines: false }, content)).rows).toHaveLength(2)
    expect((await readObject(text, 'started\n\tat x\nstopped\n')).rows).toHaveLength(3)
    const oneDate = `${'a line\n'.repeat(100)}${at(0)} a date\nanother line\n`
    expect((await readObject(text, oneDate)).rows).toHaveLength(102)
  })

  test('a file may begin in the middle of a record', async () => {
    const { rows } = await readObject(text, `\tat x\n\tat y\n${at(1)} one\n\tat z\n${at(2)} two\n`)
    expect(messages(rows)).toEqual(['\tat x', '\tat y', `${at(1)} one\n\tat z`, `${at(2)} two`])
  })

  test('a record of too many lines, or too long, ends there: nothing is lost', async () => {
    const lines = Array.from({ length: 12_000 }, (_, n) => `\tat frame ${n}`)
    const { rows } = await readObject(text, `${at(0)} failed\n${lines.join('\n')}\n`)
    expect(messages(rows).join('\n')).toBe([`${at(0)} failed`, ...lines].join('\n'))
    const long = `${at(0)} x\n${`${'y'.repeat(1_000_000)}\n`.repeat(6)}`
    const { rows: cut } = await readObject(text, long)
    expect(`${messages(cut).join('\n')}\n`).toBe(long)
    expect(cut.length).toBeGreaterThan(1)
  })

  test('lines behind one that matches a pattern belong to it', async () => {
    const source = { ...text, pattern: /^(?<time>\S+ \S+) (?<level>\w+) (?<message>.*)$/ }
    const { rows, rejects } = await readObject(
      source,
      `${at(0)} ERROR failed\n${trace.join('\n')}\n${at(1)} INFO on\n`,
    )
    expect(rejects).toEqual([])
    expect(messages(rows)).toEqual([['failed', ...trace].join('\n'), 'on'])
    expect(rows.map((row) => JSON.parse(String(row['rest'])).level)).toEqual(['ERROR', 'INFO'])
  })

  const leading = Date.UTC(2026, 10, 20, 10, 15) * 1000
  test.each([
    '2026-11-20T10:15:00Z x',
    '[2026-11-20 10:15:00.000] x',
    '[20/Nov/2026:10:15:00 +0000] x',
    'Nov 20 10:15:00 x',
    'I1120 10:15:00.000000 7 main.go:1] x',
    '[Fri Nov 20 10:15:00.000000 2026] [core:error] x',
    'Nov 20, 2026 10:15:00 AM com.example.A b',
    '1795169700.000 99 x',
    '1795169700000 x',
    'INFO 2026-11-20 10:15:00,000 x',
    '[ERROR] 2026-11-20T10:15:00Z x',
    'WARN: [2026-11-20 10:15:00] x',
  ])('%s has the time it begins with', async (line) => {
    const { rows } = await readObject(text, `${line}\n`, { uploadedAt: Date.UTC(2026, 10, 21) })
    expect(rows).toMatchObject([{ message: line, event_time: String(leading) }])
  })

  test.each([
    '2026-11-20 is a day',
    '1234567890123456 x',
    'ERROR at 10:15',
    '192.0.2.7 x',
    '2026-02-31 10:15:00 x',
  ])('%s begins with none', async (line) => {
    const { rows } = await readObject(text, `${line}\n`)
    expect(rows[0]).not.toHaveProperty('event_time')
  })
})

/** Messages as an application writes them: with a time in front, of one line or more. */
const message = fc
  .array(
    fc.string({ unit: fc.constantFrom('a', ' ', '{', '"', '\\', 'é', '\t'), minLength: 1, maxLength: 8 }),
    { minLength: 1, maxLength: 4 },
  )
  .map((lines) => lines.map((line) => `.${line}.`).join('\n'))
const record = fc.record({ message, stream: fc.constantFrom('stdout', 'stderr') })

interface Written {
  readonly message: string
  readonly stream: string
}

/** Prints records as a runtime does: each line of a message in a line of its own, long ones cut. */
const printers: Readonly<Record<string, (records: readonly Written[], size: number) => string>> = {
  text: (records) => records.map(({ message }) => `${message}\n`).join(''),
  'cloudwatch-export': (records) =>
    records.map(({ message }) => `2026-11-20T10:15:00.000Z ${message}\n`).join(''),
  cri: (records, size) =>
    records
      .flatMap(({ message, stream }) =>
        message.split('\n').flatMap((line) => {
          const parts = cutInto(line, size)
          return parts.map(
            (part, index) =>
              `2026-11-20T10:15:00.000000001Z ${stream} ${index < parts.length - 1 ? 'P' : 'F'} ${part}\n`,
          )
        }),
      )
      .join(''),
  docker: (records, size) =>
    records
      .flatMap(({ message, stream }) =>
        message
          .split('\n')
          .flatMap((line) => cutInto(`${line}\n`, size))
          .map((log) => `${JSON.stringify({ log, stream, time: '2026-11-20T10:15:00.000000001Z' })}\n`),
      )
      .join(''),
}

function cutInto(line: string, size: number): string[] {
  const characters = [...line]
  const parts: string[] = []
  for (let from = 0; from < characters.length; from += size)
    parts.push(characters.slice(from, from + size).join(''))
  return parts
}

test.each(Object.entries(printers))(
  '%s: what is printed is read back, however it is chunked',
  async (format, print) => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(record, { minLength: 1, maxLength: 6 }),
        // Runtimes cut at 16 KiB: the time in front is never cut.
        fc.integer({ min: 26, max: 40 }),
        fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 4 }),
        async (records, size, sizes) => {
          const timed = records.map((one, index) => ({ ...one, message: `${at(index)} ${one.message}` }))
          const { rows, rejects } = await readObject(
            sourceOf({ format: format as FormatName }),
            print(timed, size),
            { sizes },
          )
          expect(rejects).toEqual([])
          const read = rows.map((row) => [row['stream'], row['message']])
          const written = timed.map((one) => [
            format === 'cri' || format === 'docker' ? one.stream : undefined,
            one.message,
          ])
          expect(read).toEqual(written)
        },
      ),
      { numRuns: 150 },
    )
  },
)

test.each(['cri', 'docker', 'cloudwatch-export', 'text'] as const)(
  '%s: megabytes that never end are no work',
  async (format) => {
    const head = '2026-11-20T10:15:00.000Z '
    const line = {
      cri: `${head}stdout P x\n`,
      docker: `${JSON.stringify({ log: 'x', stream: 'stdout', time: head.trim() })}\n`,
      'cloudwatch-export': '\tat x\n',
      text: '\tat x\n',
    }[format]
    const start = performance.now()
    const { rows, rejects } = await readObject(
      sourceOf({ format }),
      `${head}stdout F begun\n${line.repeat(100_000)}`,
    )
    expect(rows.length + rejects.length).toBeGreaterThan(0)
    // Some hundred milliseconds; anything quadratic takes minutes.
    expect(performance.now() - start).toBeLessThan(15_000)
  },
)
