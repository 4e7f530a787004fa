/** JSON with source text access, in Node since 21; https://github.com/tc39/proposal-json-parse-with-source */
interface JSON {
  rawJSON(text: string): unknown
  isRawJSON(value: unknown): boolean
  parse(
    text: string,
    reviver: (this: unknown, name: string, value: unknown, context: { source: string }) => unknown,
  ): unknown
}
