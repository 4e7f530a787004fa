import { readFileSync } from 'node:fs'
import { appendFile, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test, vi } from 'vitest'
import { RowJournal } from '../../scripts/local/bigquery/write/row-journal.ts'

/** Called after each time that a file has been written to or cut off. */
const write: { after?: () => void } = vi.hoisted(() => ({}))
vi.mock('node:fs', async (original) => {
  const fs = await original<typeof import('node:fs')>()
  const writeSync = (file: number, bytes: Buffer, from: number, length: number, position: number) => {
    const written = fs.writeSync(file, bytes, from, length, position)
    write.after?.()
    return written
  }
  const ftruncateSync = (file: number, length: number) => {
    fs.ftruncateSync(file, length)
    write.after?.()
  }
  return { ...fs, writeSync, ftruncateSync }
})

async function journalPath(): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'bigquery-journal-'))
  onTestFinished(() => rm(directory, { recursive: true }))
  return join(directory, 's.ndjson')
}

test('a journal opened after a torn append has only what was acknowledged', async () => {
  const path = await journalPath()
  new RowJournal(path).append(['{"a":1}', '{"a":2}'], 7)
  await appendFile(path, '{"a":3}\n{"a":')
  const journal = new RowJournal(path)
  expect(journal.rows).toBe(2)
  journal.seal()
  expect(await readFile(path, 'utf8')).toBe('{"a":1}\n{"a":2}\n')
})

test('an append after a torn one takes its place', async () => {
  const path = await journalPath()
  new RowJournal(path).append(['{"a":1}'], 7)
  await appendFile(path, '{"a":"never acknowledged and rather long"}\n')
  const journal = new RowJournal(path)
  journal.append(['{"a":2}'], 7)
  journal.seal()
  expect(journal.rows).toBe(2)
  expect(await readFile(path, 'utf8')).toBe('{"a":1}\n{"a":2}\n')
  journal.remove()
  expect(new RowJournal(path).rows).toBe(0)
})

const line = (id: number) => `{"id":${id},"text":"${'é'.repeat(id % 50)}"}`
const lines = (from: number, to: number) =>
  Array.from({ length: to - from }, (_, index) => line(from + index))

test('a journal gives rows by their numbers, whatever was dropped before them', async () => {
  const path = await journalPath()
  const journal = new RowJournal(path)
  journal.append(lines(0, 5000), 7)
  journal.append(lines(5000, 5010), 8)
  for (const [from, to] of [
    [0, 1],
    [1, 4999],
    [4999, 5001],
    [5001, 5010],
  ] as const) {
    expect(journal.lines(from, to)).toEqual(lines(from, to))
    journal.drop(to)
    journal.drop(from)
    const reopened = new RowJournal(path)
    expect([reopened.rows, reopened.appendedAt]).toEqual([5010, 8])
    expect(reopened.lines(to, 5010)).toEqual(lines(to, 5010))
  }
  expect((await stat(path)).size).toBe(0)
  journal.append(lines(5010, 5012), 9)
  expect(new RowJournal(path).lines(5011, 5012)).toEqual(lines(5011, 5012))
})

test('a journal whose rows are dropped stays small, and costs what is read of it', async () => {
  const path = await journalPath()
  const journal = new RowJournal(path)
  const word = 'x'.repeat(1000)
  let largest = 0
  for (let row = 0; row < 5000; row += 1) {
    journal.append([`{"a":"${word}"}`], row)
    // Ten rows always stay behind.
    journal.drop(row - 10)
    largest = Math.max(largest, (await stat(path)).size)
  }
  expect(largest).toBeLessThan(1024 * 1024 + 20 * 1100)
  expect(journal.lines(4995, 5000)).toHaveLength(5)
})

test('a journal is whole at every step of dropping rows', async () => {
  const path = await journalPath()
  const journal = new RowJournal(path)
  journal.append(lines(0, 40_000), 7)
  for (const to of [15_000, 30_000, 39_000, 40_000]) {
    const left: (readonly [Buffer, Buffer])[] = []
    write.after = () => left.push([readFileSync(path), readFileSync(`${path}.end`)])
    journal.drop(to)
    delete write.after
    const { path: other } = new RowJournal(`${path}.${to}`)
    expect(left.length).toBeGreaterThan(0)
    for (const [rows, end] of left) {
      await writeFile(other, rows)
      await writeFile(`${other}.end`, end)
      const killed = new RowJournal(other)
      expect(killed.lines(to, 40_000)).toEqual(lines(to, 40_000))
      killed.drop(to)
      killed.append(lines(40_000, 40_001), 8)
      expect(killed.lines(to, 40_001)).toEqual(lines(to, 40_001))
    }
  }
  expect((await stat(path)).size).toBe(0)
})
