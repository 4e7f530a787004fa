import { invalidArgument } from './status.ts'

export type Attributes = Readonly<Record<string, string>>

/** True when a message with these attributes is to be delivered. */
export type Filter = (attributes: Attributes) => boolean

/** Longest filter in bytes: https://cloud.google.com/pubsub/docs/subscription-message-filter, November 2026. */
const maximumFilterBytes = 256

/**
 * Reads a filter in Pub/Sub's language.
 *
 *     expression = term { "AND" term } | term { "OR" term }     never both without parentheses
 *     term       = [ "NOT" | "-" ] ( "(" expression ")" | comparison )
 *     comparison = "attributes" ":" key
 *                | "attributes" "." key ( "=" | "!=" ) string
 *                | "hasPrefix" "(" "attributes" "." key "," string ")"
 *     key        = bare word of letters, digits, _ and - | string
 *
 * The empty filter passes everything. `!=` passes a message that lacks the key, as `NOT ... =` does.
 * Of the escapes in strings only \" and \\ are known; others are refused.
 *
 * @throws StatusError INVALID_ARGUMENT naming the place where the text stops making sense.
 */
export function parseFilter(text: string): Filter {
  if (text.trim() === '') return () => true
  if (Buffer.byteLength(text) > maximumFilterBytes) {
    throw invalidArgument(`The filter is longer than ${maximumFilterBytes} bytes.`)
  }
  const parser = new FilterParser(text)
  const filter = parser.expression()
  parser.end()
  return filter
}

const tokenPattern = /\s*(?:("(?:[^"\\]|\\["\\])*")|([A-Za-z0-9_][A-Za-z0-9_-]*)|(!=|[-:.=(),]))/y

interface Token {
  readonly kind: 'string' | 'word' | 'sign'
  readonly text: string
  readonly at: number
}

function tokenize(text: string): readonly Token[] {
  const tokens: Token[] = []
  let at = 0
  while (text.slice(at).trim() !== '') {
    tokenPattern.lastIndex = at
    const match = tokenPattern.exec(text)
    if (!match) throw invalidArgument(`Invalid filter: unexpected text at offset ${at}: ${text.slice(at)}`)
    const [whole, string, word, sign = ''] = match
    if (string !== undefined) {
      tokens.push({ kind: 'string', text: string.slice(1, -1).replace(/\\(.)/g, '$1'), at })
    } else
      tokens.push(word !== undefined ? { kind: 'word', text: word, at } : { kind: 'sign', text: sign, at })
    at += whole.length
  }
  return tokens
}

class FilterParser {
  readonly #tokens: readonly Token[]
  #next = 0

  constructor(text: string) {
    this.#tokens = tokenize(text)
  }

  expression(): Filter {
    const terms = [this.#term()]
    const operator = this.#tokens[this.#next]?.text
    if (operator !== 'AND' && operator !== 'OR') return all(terms)
    while (this.#accept('word', operator)) terms.push(this.#term())
    return operator === 'AND' ? all(terms) : any(terms)
  }

  end(): void {
    if (this.#next < this.#tokens.length) this.#refuse('the end, or parentheses around mixed AND and OR')
  }

  #term(): Filter {
    if (this.#accept('word', 'NOT') || this.#accept('sign', '-')) {
      const negated = this.#term()
      return (attributes) => !negated(attributes)
    }
    if (!this.#accept('sign', '(')) return this.#comparison()
    const inner = this.expression()
    this.#expect('sign', ')')
    return inner
  }

  #comparison(): Filter {
    if (this.#accept('word', 'hasPrefix')) return this.#prefix()
    this.#expect('word', 'attributes')
    if (this.#accept('sign', ':')) {
      const key = this.#key()
      return (attributes) => Object.hasOwn(attributes, key)
    }
    this.#expect('sign', '.')
    const key = this.#key()
    const negated = this.#accept('sign', '!=')
    if (!negated) this.#expect('sign', '=')
    const value = this.#string()
    return (attributes) => (attributeOf(attributes, key) === value) !== negated
  }

  #prefix(): Filter {
    this.#expect('sign', '(')
    this.#expect('word', 'attributes')
    this.#expect('sign', '.')
    const key = this.#key()
    this.#expect('sign', ',')
    const prefix = this.#string()
    this.#expect('sign', ')')
    return (attributes) => attributeOf(attributes, key)?.startsWith(prefix) ?? false
  }

  #key(): string {
    const token = this.#tokens[this.#next]
    if (!token || token.kind === 'sign') return this.#refuse('an attribute key')
    this.#next += 1
    return token.text
  }

  #string(): string {
    const token = this.#tokens[this.#next]
    if (token?.kind !== 'string') return this.#refuse('a string in double quotes')
    this.#next += 1
    return token.text
  }

  #accept(kind: Token['kind'], text: string): boolean {
    const token = this.#tokens[this.#next]
    if (token?.kind !== kind || token.text !== text) return false
    this.#next += 1
    return true
  }

  #expect(kind: Token['kind'], text: string): void {
    if (!this.#accept(kind, text)) this.#refuse(text)
  }

  #refuse(expected: string): never {
    const token = this.#tokens[this.#next]
    const found = token ? `${token.text} at offset ${token.at}` : 'the end'
    throw invalidArgument(`Invalid filter: expected ${expected}, found ${found}.`)
  }
}

const attributeOf = (attributes: Attributes, key: string) =>
  Object.hasOwn(attributes, key) ? attributes[key] : undefined

const all =
  (filters: readonly Filter[]): Filter =>
  (attributes) =>
    filters.every((filter) => filter(attributes))

const any =
  (filters: readonly Filter[]): Filter =>
  (attributes) =>
    filters.some((filter) => filter(attributes))
