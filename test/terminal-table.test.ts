import { stripVTControlCharacters } from 'node:util'
import { expect, test } from 'vitest'
import { textWidth } from '../scripts/terminal/cell-text.ts'
import { table } from '../scripts/terminal/table.ts'

const pipe = { isTty: false, noColor: false, columns: 40 }
const tty = { isTty: true, noColor: true, columns: 40 }

test('text stands to the left, numbers to the right with separators', () => {
  const text = table(
    ['table', 'rows', 'app'],
    [
      ['alb_checkout', 12345, 'checkout'],
      ['alb_search', 7, null],
    ],
    pipe,
  )
  expect(text.split('\n')).toEqual([
    'table           rows  app',
    'alb_checkout  12,345  checkout',
    'alb_search         7  null',
  ])
})

test('a table without rows is its header', () => {
  expect(table(['table', 'rows'], [], pipe)).toBe('table  rows')
})

test('on a terminal long cells lose their middle, numbers nothing', () => {
  const key = 'AWSLogs/123456789012/elasticloadbalancing/2026/11/20/checkout_3ab4c5d6.log.gz'
  const lines = table(['bytes', 'key'], [[1234567890, key]], tty).split('\n')
  expect(lines).toEqual(['        bytes  key', '1,234,567,890  AWSLogs/1234…4c5d6.log.gz'])
  expect(lines[1]).toHaveLength(40)
})

test('what is piped on is whole', () => {
  const key = 'x'.repeat(200)
  expect(table(['key'], [[key]], pipe)).toBe(`key\n${key}`)
})

test('wide characters count two columns', () => {
  expect(
    table(
      ['app', 'n'],
      [
        ['搜索', 1],
        ['mail', 2],
      ],
      pipe,
    ),
  ).toBe('app   n\n搜索  1\nmail  2')
  const [, cut] = table(['app'], [['搜'.repeat(50)]], tty).split('\n')
  expect(textWidth(cut ?? '')).toBeLessThanOrEqual(40)
})

test('log data cannot drive the terminal', () => {
  expect(table(['log'], [['a\u001b[31mred\u0007\nnext\tend\u202e']], pipe)).toBe(
    'log\na\\x1b[31mred\\x07\\nnext\\tend\\u{202e}',
  )
})

test('the header is bold on a terminal, unless NO_COLOR is set', () => {
  const coloured = table(['app'], [['x']], { ...tty, noColor: false })
  expect(coloured).toBe('\u001b[1mapp\u001b[22m\nx')
  expect(stripVTControlCharacters(coloured)).toBe(table(['app'], [['x']], tty))
})
