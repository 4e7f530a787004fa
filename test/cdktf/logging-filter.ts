/** An entry of Cloud Logging, as far as filters look. */
export type LogEntry = Readonly<Record<string, unknown>> & { readonly logName?: string }

type Test = (entry: LogEntry) => boolean

const token = /\s*(=~|[()=:]|"(?:[^"\\]|\\.)*"|[\w.@/-]+)/y

/**
 * Whether an entry matches a filter: the part of the language that the stacks use.
 * Comparisons `=`, `:` (has) and `=~` (RE2, taken for JavaScript's) with a text or a list of them, `AND`, `OR`, `NOT`,
 * `log_id("...")`, and a text by itself, which any field may contain.
 * https://docs.cloud.google.com/logging/docs/view/logging-query-language [2026-11]
 */
export function matches(filter: string, entry: LogEntry): boolean {
  const tokens = tokensOf(filter)
  const test = anyOf(tokens)
  if (tokens.length > 0) throw new Error(`cannot read the filter from "${tokens.join(' ')}"`)
  return test(entry)
}

function tokensOf(filter: string): string[] {
  const found: string[] = []
  for (token.lastIndex = 0; token.lastIndex < filter.trimEnd().length; ) {
    const at = token.lastIndex
    const [, text] = token.exec(filter) ?? []
    if (text === undefined) throw new Error(`cannot read the filter from "${filter.slice(at)}"`)
    found.push(text)
  }
  return found
}

/** `AND` binds tighter than `OR`. */
function anyOf(tokens: string[]): Test {
  const tests = separated(tokens, 'OR', () => {
    const all = separated(tokens, 'AND', () => term(tokens))
    return (entry: LogEntry) => all.every((test) => test(entry))
  })
  return (entry) => tests.some((test) => test(entry))
}

function separated<T>(tokens: string[], word: string, part: () => T): T[] {
  const parts = [part()]
  while (tokens[0] === word) {
    tokens.shift()
    parts.push(part())
  }
  return parts
}

function term(tokens: string[]): Test {
  const first = tokens.shift() ?? ''
  if (first === 'NOT') {
    const test = term(tokens)
    return (entry) => !test(entry)
  }
  if (first === '(') return closed(tokens, anyOf(tokens))
  if (first === 'log_id') {
    tokens.shift()
    const id = encodeURIComponent(textOf(tokens.shift()))
    return closed(tokens, (entry) => entry.logName?.endsWith(`/logs/${id}`) ?? false)
  }
  if (first.startsWith('"')) {
    const text = textOf(first).toLowerCase()
    return (entry) => JSON.stringify(entry).toLowerCase().includes(text)
  }
  return comparison(first, tokens)
}

function comparison(path: string, tokens: string[]): Test {
  const operator = tokens.shift() ?? ''
  const listed = tokens[0] === '('
  if (listed) tokens.shift()
  const values = separated(tokens, 'OR', () => textOf(tokens.shift()))
  if (listed) tokens.shift()
  return (entry) => {
    const value = valueAt(entry, path)
    return value !== undefined && values.some((wanted) => compare(operator, value, wanted))
  }
}

function compare(operator: string, value: string, wanted: string): boolean {
  if (operator === '=') return value === wanted
  if (operator === ':') return value.toLowerCase().includes(wanted.toLowerCase())
  if (operator === '=~') return new RegExp(wanted).test(value)
  throw new Error(`operator ${operator} is not known`)
}

function closed(tokens: string[], test: Test): Test {
  if (tokens.shift() !== ')') throw new Error('a bracket is not closed')
  return test
}

function textOf(text = ''): string {
  return text.startsWith('"') ? JSON.parse(text) : text
}

/** What stands at a path such as `jsonPayload.reason`, as text. */
export function valueAt(entry: LogEntry, path: string): string | undefined {
  let at: unknown = entry
  for (const name of path.split('.')) {
    at =
      typeof at === 'object' && at !== null
        ? Object.entries(at).find(([key]) => key === name)?.[1]
        : undefined
  }
  return at === undefined || at === null ? undefined : String(at)
}
