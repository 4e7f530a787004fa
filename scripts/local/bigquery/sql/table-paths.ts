import { is, join, skipSpace, type Token, tokenize } from './tokens.ts'

/** Keywords after which, at the same depth, a comma no longer separates tables. */
const endOfFrom = [
  'WHERE',
  'GROUP',
  'HAVING',
  'QUALIFY',
  'WINDOW',
  'ORDER',
  'LIMIT',
  'UNION',
  'INTERSECT',
].concat(['EXCEPT', 'SELECT', 'ON', 'USING', 'SET', 'WHEN'])

/**
 * Puts backticks around the table paths that need them: wildcards (`FROM logs.alb_*`, which real BigQuery takes
 * only quoted) and project ids with dashes. Everything else, strings and comments included, stays as it is.
 */
export function quoteWildcards(sql: string): string {
  const tokens = tokenize(sql)
  const out: Token[] = []
  const lists = [false]
  let expectsTable = false
  let at = 0
  while (at < tokens.length) {
    const token = tokens[at] as Token
    const end = expectsTable ? pathEnd(tokens, at) : at
    const path = tokens.slice(at, Math.max(end, at + 1))
    out.push(...(end > at && needsQuotes(path) ? [quoted(path)] : path))
    at += path.length
    if (token.kind !== 'space') expectsTable = followTable(tokens, at - 1, token, lists)
  }
  return join(out)
}

/** Keeps, for every open parenthesis, whether it is inside a list of tables; tells whether a table comes next. */
function followTable(tokens: readonly Token[], at: number, token: Token, lists: boolean[]): boolean {
  const depth = lists.length - 1
  if (is(token, '(')) lists.push(false)
  else if (is(token, ')') && depth > 0) lists.pop()
  else if (is(token, 'FROM', 'JOIN')) lists[depth] = !isOperandFrom(tokens, at)
  else if (is(token, ...endOfFrom)) lists[depth] = false
  return is(token, 'FROM', 'JOIN', ',') && lists[depth] === true
}

/** `IS DISTINCT FROM x` and `EXTRACT(part FROM x)` have a FROM that names no table. */
function isOperandFrom(tokens: readonly Token[], at: number): boolean {
  const before = tokens.slice(0, at).filter((token) => token.kind !== 'space')
  const [open, part] = [before.at(-2), before.at(-1)]
  if (is(part, 'DISTINCT')) return is(open, 'IS', 'NOT')
  return is(open, '(') && is(before.at(-3), 'EXTRACT')
}

/** A path is words and numbers held together by dots and dashes without any space, perhaps ending in a star. */
function pathEnd(tokens: readonly Token[], start: number): number {
  if (tokens[start]?.kind !== 'word') return start
  let end = start + 1
  for (let token = tokens[end]; token; token = tokens[end]) {
    if (token.kind !== 'word' && token.kind !== 'number' && !is(token, '.', '-', '*')) break
    end += 1
    if (is(token, '*')) break
  }
  return is(tokens[skipSpace(tokens, end)], '(') ? start : end
}

function needsQuotes(path: readonly Token[]): boolean {
  return path.length > 1 && (is(path.at(-1), '*') || path.some((token) => is(token, '-')))
}

function quoted(path: readonly Token[]): Token {
  return { kind: 'quoted', text: `\`${join(path)}\`` }
}
