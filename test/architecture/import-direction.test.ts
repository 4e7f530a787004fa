import { globSync, readFileSync } from 'node:fs'
import { posix } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'

/**
 * The folders of functions/ in the order of what is built on what: the words all share, then the stages as an object
 * passes them. A file imports from its own folder and from those above it in this list, types too.
 */
const order = [
  'model',
  'finalize',
  'parse/reading/compression',
  'parse/reading',
  'parse/text',
  'parse/json',
  'parse/detecting',
  'parse/formats',
  'parse',
  // It names the formats, so it comes behind them; no stage in front of it needs to know it.
  'config',
  'split/tables',
  'split/encode',
  'split/shape',
  'split',
  'append',
  'commit',
  'clients',
  // What wires the stages: load.ts, index.ts and the like.
  '.',
]

const root = fileURLToPath(new URL('../../', import.meta.url))
const files = globSync('functions/**/*.ts', { cwd: root }).map((file) => file.replaceAll('\\', '/'))

/** Every import of another file, as it is written: of values, of types, for its effect, or when it runs. */
const specifiers = /(?:\bfrom|\bimport)[\s(]*['"](\.[^'"]*)['"]/g

const imports = files.flatMap((from) =>
  [...readFileSync(`${root}${from}`, 'utf8').matchAll(specifiers)].map(([, specifier = '']) => ({
    from,
    to: posix.join(posix.dirname(from), specifier),
  })),
)

const said = ({ from, to }: { from: string; to: string }) => `${from} imports ${to}`
const folderOf = (file: string) => posix.relative('functions', posix.dirname(file)) || '.'

test('every folder of functions/ has its place in the order', () => {
  expect([...new Set(files.map(folderOf))].toSorted()).toEqual(order.toSorted())
  expect(imports.length).toBeGreaterThan(files.length)
})

test('imports point backwards along the stages only', () => {
  const forward = imports
    .filter(({ to }) => to.startsWith('functions/'))
    .filter(({ from, to }) => order.indexOf(folderOf(to)) > order.indexOf(folderOf(from)))
  expect(forward.map(said)).toEqual([])
})

test('functions/ imports nothing outside, but for the configuration', () => {
  const outside = imports.filter(({ to }) => !to.startsWith('functions/'))
  expect(outside.map(said)).toEqual(['functions/index.ts imports bridge.config.ts'])
})

test('only the entry point knows the clients', () => {
  const elsewhere = imports.filter(
    ({ from, to }) =>
      folderOf(to) === 'clients' && folderOf(from) !== 'clients' && from !== 'functions/index.ts',
  )
  expect(elsewhere.map(said)).toEqual([])
})
