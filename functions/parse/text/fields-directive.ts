const longest = 8192

/** Whether a line is a `#Fields:` directive, which names the fields of the lines to come. */
export function isFieldsDirective(bytes: Buffer, start: number, end: number): boolean {
  return bytes.toString('latin1', start, Math.min(start + 8, end)) === '#Fields:'
}

/** The names in a `#Fields:` directive; undefined for any other line, and for one over 8 KiB. */
export function fieldsDirective(bytes: Buffer, start: number, end: number): string[] | undefined {
  if (!isFieldsDirective(bytes, start, end) || end - start > longest) return undefined
  return bytes
    .toString('utf8', start + 8, end)
    .split(/[ \t]/)
    .filter((name) => name !== '')
}

/** The column of a field by its name in a directive: `cs(Host)` and `cs-host` are `cs_host`. */
export function directiveColumn(name: string): string {
  return name.toLowerCase().replaceAll(/[-(]/g, '_').replaceAll(')', '')
}
