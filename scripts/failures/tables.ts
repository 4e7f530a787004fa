import { type Explained, type FailureKind, failures } from '../../functions/model/failure-codes.ts'
import { answers, filterReasons, ignoredReasons, outcomes } from '../../functions/model/outcome.ts'
import { rejectClasses } from '../../functions/model/reject.ts'

/** The tables of docs/failures.md, by their names there. */
export function failureTables(): Readonly<Record<string, string>> {
  return {
    outcomes: table(
      ['outcome', 'means', 'Pub/Sub is told to', 'what to do'],
      Object.entries(outcomes).map(([kind, { means, todo }]) => [
        code(kind),
        means,
        answers[kind as keyof typeof answers],
        todo,
      ]),
    ),
    quarantined: failureTable('object'),
    retried: failureTable('system'),
    ignored: table(['reason', 'means'], explained(ignoredReasons)),
    rejects: table(['error_class', 'means', 'what to do'], withTodo(Object.entries(rejectClasses))),
    filtered: table(['reason', 'why the line is left out'], explained(filterReasons)),
  }
}

function failureTable(kind: FailureKind): string {
  const ofKind = Object.entries(failures).filter(([, failure]) => failure.kind === kind)
  return table(['reason', 'means', 'what to do'], withTodo(ofKind))
}

function explained(texts: Readonly<Record<string, string>>): string[][] {
  return Object.entries(texts).map(([name, means]) => [code(name), means])
}

function withTodo(entries: readonly (readonly [string, Explained])[]): string[][] {
  return entries.map(([name, { means, todo }]) => [code(name), means, sentence(todo)])
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const lines = [head, head.map(() => '---'), ...rows]
  return lines.map((cells) => `| ${cells.join(' | ')} |`).join('\n')
}

function code(name: string): string {
  return `\`${name}\``
}

function sentence(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1)
}
