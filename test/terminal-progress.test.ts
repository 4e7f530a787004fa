import { expect, test } from 'vitest'
import { Progress, type StageCount } from '../scripts/terminal/progress.ts'
import type { Terminal } from '../scripts/terminal/terminal.ts'

const tty = { isTty: true, noColor: true, columns: 80 }

/** A progress line with a clock set by hand and everything it has written. */
function progressOn(terminal: Terminal) {
  const written: string[] = []
  const clock = { ms: 1_000_000 }
  const stream = { write: (text: string) => written.push(text) }
  return { progress: new Progress({ stream, terminal, now: () => clock.ms }), written, clock }
}

function loaded(count: number): readonly StageCount[] {
  return [
    { stage: 'uploaded', count: 12, total: 12 },
    { stage: 'loaded', count },
  ]
}

test('a terminal line is redrawn in place, at most ten times a second, and ended once', () => {
  const { progress, written, clock } = progressOn(tty)
  progress.show(loaded(1))
  clock.ms += 99
  progress.show(loaded(2))
  clock.ms += 1
  progress.show(loaded(3))
  progress.show(loaded(4))
  progress.done()
  progress.done()
  progress.show(loaded(5))
  expect(written).toEqual([
    '\ruploaded 12/12 · loaded 1\u001b[K',
    '\ruploaded 12/12 · loaded 3\u001b[K',
    '\ruploaded 12/12 · loaded 4\u001b[K',
    '\n',
  ])
})

test('a log gets a line per change, at most every five seconds, and the last state', () => {
  const { progress, written, clock } = progressOn({ ...tty, isTty: false, ascii: true })
  progress.show(loaded(1))
  clock.ms += 4_999
  progress.show(loaded(2))
  clock.ms += 1
  progress.show(loaded(1))
  progress.show(loaded(3))
  clock.ms += 1
  progress.show(loaded(1234))
  progress.done()
  expect(written).toEqual([
    'uploaded 12/12 | loaded 1\n',
    'uploaded 12/12 | loaded 3\n',
    'uploaded 12/12 | loaded 1,234\n',
  ])
})

test('nothing shown, nothing written', () => {
  const { progress, written } = progressOn(tty)
  progress.done()
  expect(written).toEqual([])
})

test('a line never fills the terminal, where it would wrap', () => {
  const { progress, written } = progressOn({ ...tty, columns: 20 })
  progress.show(loaded(123))
  expect(written).toEqual(['\ruploaded …oaded 123\u001b[K'])
})
