import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join, relative } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { givenFiles, keysFor } from '../../scripts/commands/given-files.ts'

let directory: string
const at = (name: string) => join(directory, name)
const place = { prefix: 'AWSLogs/', suffix: '' }

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'causeway-given-'))
  for (const name of ['a/2026/one.log', 'a/two.log', 'a/.hidden/three.log', 'a/.DS_Store', 'b/two.log']) {
    await mkdir(dirname(at(name)), { recursive: true })
    await writeFile(at(name), name)
  }
  await mkdir(at('empty'))
})
afterAll(() => rm(directory, { recursive: true, force: true }))

const names = (...paths: string[]) => givenFiles(paths.map(at)).map(({ path }) => relative(directory, path))
const keys = (...paths: string[]) => keysFor(givenFiles(paths.map(at)), place)

test('a directory stands for all files in it, but for hidden ones; each file is there once', () => {
  expect(names('a')).toEqual(['a/2026/one.log', 'a/two.log'])
  expect(names('a/two.log', 'a')).toEqual(['a/two.log', 'a/2026/one.log'])
  expect(names('a/.DS_Store')).toEqual(['a/.DS_Store'])
})

test('keys are names below the directory that was named, or of the file', () => {
  expect(keys('a')).toEqual(['AWSLogs/2026/one.log', 'AWSLogs/two.log'])
  expect(keys('a/2026/one.log')).toEqual(['AWSLogs/one.log'])
})

test('folders are before it where two keys would be the same', () => {
  expect(keys('a/two.log', 'b/two.log')).toEqual(['AWSLogs/a/two.log', 'AWSLogs/b/two.log'])
  expect(keys('a', 'b')).toEqual(['AWSLogs/a/2026/one.log', 'AWSLogs/a/two.log', 'AWSLogs/b/two.log'])
})

test('what cannot be read is said', () => {
  expect(() => givenFiles([at('absent')])).toThrow(/cannot read .*absent/)
  expect(() => givenFiles([at('empty')])).toThrow(/is a directory without files/)
})
