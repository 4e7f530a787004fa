export type TokenKind = 'space' | 'string' | 'quoted' | 'word' | 'number' | 'parameter' | 'symbol'

/** One lexeme of GoogleSQL with its exact text: the texts of all tokens, joined, are the statement again. */
export interface Token {
  readonly kind: TokenKind
  readonly text: string
}

const lexemes: readonly (readonly [TokenKind, RegExp])[] = [
  ['space', /\s+|--[^\n]*|#[^\n]*|\/\*[\s\S]*?\*\//y],
  ['string', /(?:r|b|rb|br)?(?:"""(?:\\[\s\S]|[^\\])*?"""|'''(?:\\[\s\S]|[^\\])*?''')/iy],
  ['string', /(?:r|b|rb|br)?(?:"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*')/iy],
  ['quoted', /`(?:\\.|[^`\\\n])+`/y],
  ['number', /0x[0-9a-f]+|(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?/iy],
  ['word', /[a-z_]\w*/iy],
  ['parameter', /@@?[a-z_]\w*|\?/iy],
  ['symbol', /\|>|<>|<=|>=|!=|\|\||<<|>>/y],
]

/** Splits a statement into tokens. Comments count as space; what GoogleSQL does not know becomes a symbol. */
export function tokenize(sql: string): Token[] {
  const tokens: Token[] = []
  let at = 0
  while (at < sql.length) {
    const token = tokenAt(sql, at)
    tokens.push(token)
    at += token.text.length
  }
  return tokens
}

function tokenAt(sql: string, at: number): Token {
  for (const [kind, pattern] of lexemes) {
    pattern.lastIndex = at
    const text = pattern.exec(sql)?.[0]
    if (text) return { kind, text }
  }
  return { kind: 'symbol', text: sql.charAt(at) }
}

export function join(tokens: readonly Token[]): string {
  return tokens.map((token) => token.text).join('')
}

/** Whether the token is this unquoted keyword, or this symbol. */
export function is(token: Token | undefined, ...texts: readonly string[]): boolean {
  return (
    token !== undefined &&
    (token.kind === 'word' || token.kind === 'symbol') &&
    texts.includes(token.text.toUpperCase())
  )
}

/** Index of the first token at or after `from` that is not space; the length when there is none. */
export function skipSpace(tokens: readonly Token[], from: number): number {
  let at = from
  while (tokens[at]?.kind === 'space') at += 1
  return at
}
