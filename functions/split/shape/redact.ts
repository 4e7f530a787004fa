import { createHmac } from 'node:crypto'
import { hashes, type Redaction, type Redactions } from '../../config/redaction.ts'
import { isObject, parseJsonObject, toJson } from '../../parse/json/json-document.ts'

/** Takes values out of rows before anything else sees them. */
export class Redactor {
  readonly #rules: readonly { readonly path: readonly string[]; readonly redaction: Redaction }[]
  readonly #key: string
  /** Replacements in the row at hand: a value that several rules lead to is redacted once. */
  readonly #replacements = new Set<string>()

  /** @param key of the hashes: a secret, as values are few enough to guess. Never shown in any message. */
  constructor(redactions: Redactions, key: string | undefined) {
    if (hashes(redactions) && key === undefined) throw new Error('redact: hash needs CAUSEWAY_HASH_KEY')
    this.#rules = Object.entries(redactions).map(([path, redaction]) => ({
      path: path.toLowerCase().split('.'),
      redaction,
    }))
    this.#key = key ?? ''
  }

  /** Redacts in place, wherever a path leads: among the columns, in `rest`, and in what FireLens's `log` held. */
  redact(row: Record<string, unknown>): void {
    this.#replacements.clear()
    const rest = row['rest']
    const holders = [row, rest, isObject(rest) ? rest['log'] : undefined]
    for (const { path, redaction } of this.#rules)
      for (const holder of holders) this.#redactAt(holder, path, redaction)
  }

  /**
   * A list on the way stands for each of its elements; a name with dots in it is found too, as one. Case does not
   * count: whether a log writes `userName` or `username` must not decide what is seen.
   * @returns whether there was anything to redact.
   */
  #redactAt(holder: unknown, path: readonly string[], redaction: Redaction): boolean {
    if (Array.isArray(holder))
      return holder.map((element) => this.#redactAt(element, path, redaction)).includes(true)
    if (!isObject(holder)) return false
    const object = holder as Record<string, unknown>
    let found = false
    for (const name of Object.keys(object)) {
      const length = matchedNames(path, name)
      if (length === 0) continue
      if (length < path.length) {
        found = this.#redactWithin(object, name, path.slice(length), redaction) || found
        continue
      }
      found = true
      if (redaction === 'drop') delete object[name]
      else object[name] = this.#replacementOf(object[name], redaction)
    }
    return found
  }

  /** Redacts within a member. A text that is JSON, as a message may be, is redacted as what it holds. */
  #redactWithin(
    object: Record<string, unknown>,
    name: string,
    path: readonly string[],
    redaction: Redaction,
  ): boolean {
    const value = object[name]
    if (typeof value !== 'string') return this.#redactAt(value, path, redaction)
    const written = parseJsonObject(value)
    const found = this.#redactAt(written, path, redaction)
    if (found && written) object[name] = toJson(written)
    return found
  }

  #replacementOf(value: unknown, redaction: 'hash' | 'mask'): unknown {
    if (value === null || value === undefined) return value
    if (Array.isArray(value)) return value.map((element) => this.#replacementOf(element, redaction))
    const text = typeof value === 'string' ? value : (JSON.stringify(value, bigintText) ?? '')
    if (this.#replacements.has(text)) return text
    const replacement = redaction === 'mask' ? '*'.repeat([...text].length) : this.#hash(text)
    this.#replacements.add(replacement)
    return replacement
  }

  #hash(text: string): string {
    return createHmac('sha256', this.#key).update(text).digest('hex').slice(0, hashDigits)
  }
}

/** How many names at the begin of a path a member's name is; 0 if it is another. */
function matchedNames(path: readonly string[], name: string): number {
  const lower = name.toLowerCase()
  let front = ''
  for (const [index, part] of path.entries()) {
    front += index === 0 ? part : `.${part}`
    if (front === lower) return index + 1
  }
  return 0
}

/** 128 bits: no two values meet. */
const hashDigits = 32

function bigintText(_name: string, value: unknown): unknown {
  return typeof value === 'bigint' ? String(value) : value
}
