import type { Catalog, TablePath } from './catalog.ts'
import { quoteWildcards } from './table-paths.ts'
import { tablePath } from './tables.ts'
import { is, join, skipSpace, type Token, tokenize } from './tokens.ts'
import { Untranslatable } from './untranslatable.ts'

/** A statement by what it does. `query` is GoogleSQL, still to be translated. */
export type Statement =
  | { readonly kind: 'query'; readonly query: string }
  | {
      readonly kind: 'createView'
      readonly view: TablePath
      readonly query: string
      readonly ifExists: 'refuse' | 'keep' | 'replace'
    }
  | { readonly kind: 'dropView'; readonly view: TablePath; readonly ifMissing: 'refuse' | 'pass' }

/** Tells view DDL from queries. Other statements are taken for queries here and refused by their translation. */
export function parseStatement(sql: string, catalog: Catalog, defaultDataset?: string): Statement {
  const reader = new StatementReader(tokenize(quoteWildcards(sql)))
  const path = () => tablePath(reader.path(), catalog, defaultDataset)
  if (reader.take('DROP', 'VIEW')) {
    const ifMissing = reader.take('IF', 'EXISTS') ? 'pass' : 'refuse'
    const view = path()
    reader.end()
    return { kind: 'dropView', view, ifMissing }
  }
  const replace = reader.take('CREATE', 'OR', 'REPLACE', 'VIEW')
  if (!replace && !reader.take('CREATE', 'VIEW')) return { kind: 'query', query: sql }
  const keep = reader.take('IF', 'NOT', 'EXISTS')
  const view = path()
  return {
    kind: 'createView',
    view,
    query: reader.viewQuery(),
    ifExists: replace ? 'replace' : keep ? 'keep' : 'refuse',
  }
}

class StatementReader {
  readonly #tokens: readonly Token[]
  #at = 0

  constructor(tokens: readonly Token[]) {
    this.#tokens = tokens
  }

  /** Takes these words when they come next, or nothing. */
  take(...words: readonly string[]): boolean {
    let at = skipSpace(this.#tokens, this.#at)
    for (const word of words) {
      if (!is(this.#tokens[at], word)) return false
      at = skipSpace(this.#tokens, at + 1)
    }
    this.#at = at
    return true
  }

  /** The parts of a dotted path, whichever of them are in backticks. */
  path(): string[] {
    const start = skipSpace(this.#tokens, this.#at)
    let at = start
    while (
      ['word', 'quoted', 'number'].includes(this.#tokens[at]?.kind ?? '') ||
      is(this.#tokens[at], '.', '-')
    )
      at += 1
    this.#at = at
    return join(this.#tokens.slice(start, at)).replaceAll('`', '').split('.')
  }

  /** Passes over OPTIONS(...), which the stand-in does not keep, and takes what follows AS. */
  viewQuery(): string {
    if (this.take('OPTIONS'))
      this.#at = 1 + this.#tokens.findIndex((token, at) => at > this.#at && is(token, ')'))
    if (!this.take('AS'))
      throw new Untranslatable('CREATE VIEW with a column list', 'Name the columns in the query')
    return join(this.#tokens.slice(this.#at)).replace(/;\s*$/, '').trim()
  }

  end(): void {
    const rest = join(this.#tokens.slice(skipSpace(this.#tokens, this.#at)))
    if (rest.replace(/;\s*$/, '') !== '') throw new Untranslatable('several statements in one query')
  }
}
