import { duckDbPart, isKeyword, isSameInDuckDb, needsQuotes, takesPart } from './functions.ts'
import { isMacro } from './macros.ts'
import { is, join, type Token } from './tokens.ts'
import { Untranslatable } from './untranslatable.ts'

/** Gives the expression that stands for a query parameter: a name with `@`, or a zero-based position. */
export type ParameterSql = (parameter: string | number) => string

/**
 * First step of the translation: still GoogleSQL, but with functions that mean something else in DuckDB renamed to
 * our macros, parameters as typed placeholders, and everything the later steps would get wrong refused.
 */
export function rewriteTokens(tokens: readonly Token[], parameterSql: ParameterSql): string {
  return new Rewriter(tokens, parameterSql).run()
}

class Rewriter {
  readonly #tokens: readonly Token[]
  readonly #parameterSql: ParameterSql
  /** Names of the calls that are open; empty for other parentheses. */
  readonly #calls: string[] = []
  /** Tokens before which the parenthesis around an interval's amount closes. */
  readonly #amountEnds = new Set<number>()
  #positional = 0

  constructor(tokens: readonly Token[], parameterSql: ParameterSql) {
    this.#tokens = tokens.filter((token) => token.kind !== 'space')
    this.#parameterSql = parameterSql
  }

  run(): string {
    const out: Token[] = []
    for (let at = 0; at < this.#tokens.length; at += 1) {
      const token = this.#tokens[at] as Token
      if (is(token, '(')) this.#calls.push(this.#callName(at))
      else if (is(token, ')')) this.#calls.pop()
      this.#refuse(at)
      const text = this.#isExtract(at) ? this.#extract(at) : this.#rewrite(token, at)
      const closing = this.#amountEnds.has(at) ? ') ' : ''
      if (this.#isExtract(at)) at += 3
      out.push({ ...token, text: closing + text }, { kind: 'space', text: ' ' })
    }
    return join(out)
  }

  #rewrite(token: Token, at: number): string {
    if (token.kind === 'parameter') return this.#parameter(token.text)
    if (token.kind === 'string') return takesFormat(this.#call()) ? duckDbFormat(token.text) : token.text
    if (token.kind === 'number') return this.#number(token.text, at)
    if (token.kind !== 'word') return token.text
    const word = token.text.toUpperCase()
    if (this.#isCall(at)) return this.#function(word, token, at)
    if (word === 'INTERVAL') return this.#interval(at)
    if (this.#isPart(at)) return this.#part(word)
    if (word === 'AT' && this.#call() === 'EXTRACT' && is(this.#tokens[at + 1], 'TIME')) return ','
    if ((word === 'TIME' || word === 'ZONE') && this.#call() === 'EXTRACT') return ''
    if (needsQuotes(word)) return `\`${token.text}\``
    if (this.#isType(at)) return typeNames[word] ?? token.text
    return token.text
  }

  #parameter(text: string): string {
    if (text.startsWith('@@')) throw new Untranslatable(`the system variable ${text}`)
    if (text.startsWith('@')) return this.#parameterSql(text.slice(1))
    this.#positional += 1
    return this.#parameterSql(this.#positional - 1)
  }

  #function(word: string, token: Token, at: number): string {
    if (is(this.#tokens[at - 1], '.')) {
      throw new Untranslatable(`the function ${this.#tokens[at - 2]?.text}.${token.text}`)
    }
    if (isMacro(word)) return `bq_${word.toLowerCase()}`
    if (isSameInDuckDb(word)) return token.text
    throw new Untranslatable(`the function ${token.text}`)
  }

  /** DuckDB reads 1.5 as a decimal, and integers as ones of 32 bits, which overflow in a product. */
  #number(text: string, at: number): string {
    if (/^[\d.]*\.[\d.]*$/.test(text)) return `${text}e0`
    const inProduct = is(this.#tokens[at - 1], '*') || is(this.#tokens[at + 1], '*')
    return inProduct && /^\d+$/.test(text) ? `CAST(${text} AS INT64)` : text
  }

  /** DuckDB wants an amount that is no literal in parentheses. */
  #interval(at: number): string {
    if (this.#tokens[at + 1]?.kind === 'number' || this.#tokens[at + 1]?.kind === 'string') return 'INTERVAL'
    const end = this.#tokens.findIndex((token, index) => index > at && is(token, ...intervalParts))
    if (end < 0) return 'INTERVAL'
    this.#amountEnds.add(end)
    return 'INTERVAL ('
  }

  #part(word: string): string {
    const part = duckDbPart(word)
    if (part) return `'${part}'`
    throw new Untranslatable(`the date part ${word}`, 'ISOWEEK and the plain parts work')
  }

  /** `EXTRACT ( part FROM` becomes `bq_extract_part (`; the zone after AT TIME ZONE becomes an argument. */
  #extract(at: number): string {
    const part = (this.#tokens[at + 2]?.text ?? '').toLowerCase()
    if (!isMacro(`extract_${part}`)) throw new Untranslatable(`EXTRACT(${part.toUpperCase()} FROM ...)`)
    this.#calls.push('EXTRACT')
    return `bq_extract_${part} (`
  }

  #isExtract(at: number): boolean {
    return (
      is(this.#tokens[at], 'EXTRACT') && is(this.#tokens[at + 1], '(') && is(this.#tokens[at + 3], 'FROM')
    )
  }

  #isCall(at: number): boolean {
    return is(this.#tokens[at + 1], '(') && this.#callName(at + 1) !== ''
  }

  /** Name of the function whose arguments this parenthesis opens. */
  #callName(open: number): string {
    const before = this.#tokens[open - 1]
    const name = before?.kind === 'word' ? before.text.toUpperCase() : ''
    const callable = isMacro(name) || isSameInDuckDb(name)
    const asKeyword = isKeyword(name) && (!callable || this.#isClause(open - 1))
    return asKeyword ? '' : name
  }

  /** REPLACE after a star or EXCEPT's list is a clause; so are LEFT and RIGHT before JOIN, which no bracket follows. */
  #isClause(at: number): boolean {
    const word = this.#tokens[at]
    return is(word, 'REPLACE') && (is(this.#tokens[at - 1], '*') || is(this.#tokens[at - 1], ')'))
  }

  #call(): string {
    return this.#calls.at(-1) ?? ''
  }

  #isPart(at: number): boolean {
    if (!takesPart(this.#call()) || !is(this.#tokens[at - 1], ',')) return false
    return is(this.#tokens[at + 1], ')', ',')
  }

  #isType(at: number): boolean {
    const before = this.#tokens[at - 1]
    if (is(before, 'AS')) return this.#call() === 'CAST' || this.#call() === 'SAFE_CAST'
    return is(before, '<') && is(this.#tokens[at + 1], '>')
  }

  #refuse(at: number): void {
    const [token, next] = [this.#tokens[at], this.#tokens[at + 1]]
    if (token?.kind === 'string' && /\\u/i.test(token.text) && !/^b?r/i.test(token.text)) {
      throw new Untranslatable('a \\u escape', 'Write the character itself')
    }
    if (token?.kind === 'quoted' && is(next, '(')) throw new Untranslatable(`the function ${token.text}`)
    if (is(token, ';') && next) throw new Untranslatable('several statements in one query')
    if (is(token, '|>')) throw new Untranslatable('pipe syntax')
    if (is(token, 'WITH') && is(next, 'OFFSET')) throw new Untranslatable('UNNEST ... WITH OFFSET')
    if (is(token, 'FOR') && is(next, 'SYSTEM_TIME')) throw new Untranslatable('FOR SYSTEM_TIME AS OF')
    if (is(token, 'LIMIT') && this.#call().endsWith('_AGG'))
      throw new Untranslatable(`LIMIT in ${this.#call()}`)
    if (is(token, 'FORMAT') && this.#call().endsWith('CAST')) throw new Untranslatable('CAST ... FORMAT')
    if (is(token, '[') && this.#isBareSubscript(at)) {
      throw new Untranslatable('x[n]', "Write x[OFFSET(n)] for an array, JSON_QUERY(x, '$[n]') for JSON")
    }
  }

  /** Arrays count from 0 in GoogleSQL and from 1 in DuckDB, JSON from 0 in both: without types they look the same. */
  #isBareSubscript(at: number): boolean {
    const [before, first] = [this.#tokens[at - 1], this.#tokens[at + 1]]
    const ofValue =
      before?.kind === 'quoted' ||
      is(before, ')', ']') ||
      (before?.kind === 'word' && !isKeyword(before.text.toUpperCase()))
    return (
      ofValue && first?.kind !== 'string' && !is(first, 'OFFSET', 'SAFE_OFFSET', 'ORDINAL', 'SAFE_ORDINAL')
    )
  }
}

/** The translator would make TIMESTAMP a type without zone, and NUMERIC one of three digits after the point. */
const typeNames: Readonly<Record<string, string>> = {
  TIMESTAMP: 'bq_timestamp',
  NUMERIC: 'bq_numeric',
  DECIMAL: 'bq_numeric',
  BIGNUMERIC: 'bq_numeric',
}

const intervalParts = [
  'MICROSECOND',
  'MILLISECOND',
  'SECOND',
  'MINUTE',
  'HOUR',
  'DAY',
  'WEEK',
  'MONTH',
].concat(['QUARTER', 'YEAR'])

function takesFormat(call: string): boolean {
  return /^(FORMAT|PARSE)_(TIMESTAMP|DATETIME|DATE)$/.test(call)
}

const formatElements: readonly (readonly [string, string])[] = [
  ['%F', '%Y-%m-%d'],
  ['%T', '%H:%M:%S'],
  ['%E*S', '%S.%f'],
  ['%E6S', '%S.%f'],
  ['%E3S', '%S.%g'],
  ['%E4Y', '%Y'],
  ['%Ez', '%z'],
]

/** Format elements of GoogleSQL that strftime does not have, written with those it has. */
function duckDbFormat(literal: string): string {
  return formatElements.reduce((text, [from, to]) => text.replaceAll(from, to), literal)
}
