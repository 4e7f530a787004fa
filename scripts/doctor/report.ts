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
    const lines = folded(results.filter(({ check }) => check.group === group))
    const texts = lines.map((line) => lineOf(line, width, terminal))
    return texts.length === 0 ? [] : [`${paint(terminal, 'bold', title)}\n${texts.join('\n')}`]
  })
  return `${parts.join('\n\n')}\n\n${sumOf(results, terminal)}\n`
}

interface Line extends Pick<Result, 'state' | 'detail' | 'fix'> {
  readonly name: string
}

/** Checks that wait for the same one are one line: what to mend must not be lost among them. */
function folded(results: readonly Result[]): Line[] {
  return results.flatMap((result) => {
    const { check, waitsFor } = result
    const alike = waitsFor ? results.filter((one) => one.waitsFor === waitsFor) : [result]
    if (alike[0] !== result) return []
    return [{ ...result, name: alike.length > 1 ? `${alike.length} checks` : nameOf(check) }]
  })
}

function lineOf({ name, state, detail, fix }: Line, width: number, terminal: Terminal): string {
  const { word, tone } = marks[state]
  const text = printable(detail)
  const line = `  ${paint(terminal, tone, word)}  ${padEnd(name, width)}  ${state === 'pass' ? paint(terminal, 'dim', text) : text}`
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
    group,
    source: source ?? null,
    check: what,
    state,
    detail,
    fix: fix ?? null,
  }))
  return `${JSON.stringify({ ...about, ok: results.every(({ state }) => state !== 'fail'), checks }, undefined, 2)}\n`
}
