import { padEnd, printable, textWidth } from '../terminal/cell-text.ts'
import { paint, type Terminal, type Tone } from '../terminal/terminal.ts'
import { groups } from './check.ts'
import { nameOf, type Result } from './run-checks.ts'

const marks: Readonly<Record<Result['state'], { readonly word: string; readonly tone: Tone }>> = {
  pass: { word: 'ok  ', tone: 'green' },
  warn: { word: 'warn', tone: 'yellow' },
  fail: { word: 'FAIL', tone: 'red' },
  skip: { word: 'skip', tone: 'yellow' },
}

/** A list by stage in the order of the flow; what is not well has what to do beneath. */
export function doctorText(results: readonly Result[], terminal: Terminal): string {
  const width = results.reduce((widest, { check }) => Math.max(widest, textWidth(nameOf(check))), 0)
  const parts = Object.entries(groups).flatMap(([group, title]) => {
    const lines = results
      .filter(({ check }) => check.group === group)
      .map((one) => lineOf(one, width, terminal))
    return lines.length === 0 ? [] : [`${paint(terminal, 'bold', title)}\n${lines.join('\n')}`]
  })
  return `${parts.join('\n\n')}\n\n${sumOf(results, terminal)}\n`
}

function lineOf({ check, state, detail, fix }: Result, width: number, terminal: Terminal): string {
  const { word, tone } = marks[state]
  const text = printable(detail)
  const line = `  ${paint(terminal, tone, word)}  ${padEnd(nameOf(check), width)}  ${state === 'pass' ? paint(terminal, 'dim', text) : text}`
  return fix === undefined ? line : `${line}\n        ${paint(terminal, 'cyan', `fix: ${printable(fix)}`)}`
}

/** Counts, and where to begin: what comes before the first failure of the flow is well. */
function sumOf(results: readonly Result[], terminal: Terminal): string {
  const words = { fail: 'failed', warn: 'to look at', skip: 'not checked', pass: 'well' } as const
  const counts = (['fail', 'warn', 'skip', 'pass'] as const)
    .map((state) => ({ state, count: results.filter((one) => one.state === state).length }))
    .filter(({ count }) => count > 0)
    .map(({ state, count }) => paint(terminal, marks[state].tone, `${count} ${words[state]}`))
  const first = results.find(({ state }) => state === 'fail')
  return `${counts.join(', ')}${first ? `. Begin with: ${nameOf(first.check)}` : ''}`
}

/** The same for a program. */
export function doctorJson(results: readonly Result[], about: Readonly<Record<string, string>>): string {
  const checks = results.map(({ check: { group, source, what }, state, detail, fix }) => ({
    ...{ group, source: source ?? null, check: what, state, detail, fix: fix ?? null },
  }))
  return `${JSON.stringify({ ...about, ok: results.every(({ state }) => state !== 'fail'), checks }, undefined, 2)}\n`
}
