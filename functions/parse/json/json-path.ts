import { RecentTexts } from '../text/recent-texts.ts'
import { firstScalar, parseJsonObject } from './json-document.ts'
import type { JsonMembers } from './json-members.ts'

/** A path to a value within JSON objects: `a.b` is the member of that name or, else, `b` within `a`. */
export class ScalarPath {
  readonly #name: Buffer
  /** The name before the first dot, and the path behind it. */
  readonly #outer: Buffer | undefined
  readonly #inner: string
  readonly #recent = new RecentTexts()

  constructor(path: string) {
    const dot = path.indexOf('.')
    this.#name = Buffer.from(path)
    this.#outer = dot < 0 ? undefined : this.#name.subarray(0, Buffer.byteLength(path.slice(0, dot)))
    this.#inner = path.slice(dot + 1)
  }

  /** The text or number it leads to, as text; undefined for anything else, and for the empty text. */
  textAt(members: JsonMembers): string | undefined {
    const whole = members.indexOf(this.#name)
    if (whole >= 0) {
      if (!members.isText(whole)) return members.isNumber(whole) ? members.written(whole) : undefined
      const { bytes, start, end } = members.textBytes(whole)
      return this.#recent.text(bytes, start, end) || undefined
    }
    const outer = this.#outer ? members.indexOf(this.#outer) : -1
    if (outer < 0 || !members.isObject(outer)) return undefined
    const object = parseJsonObject(members.written(outer))
    return object && firstScalar(object, [this.#inner])
  }
}
