/**
 * Object names in a transfer manifest: the first column of a CSV without header, UTF-8, fields with commas,
 * quotes or line breaks in double quotes. https://cloud.google.com/storage-transfer/docs/manifest
 *
 * Throws when a row names a version in its second column, which is not modelled here.
 */
export function parseManifest(csv: string): string[] {
  return rows(csv)
    .filter((row) => row.some((field) => field !== ''))
    .map(([name = '', version = ''], index) => {
      if (version) throw new Error(`manifest row ${index + 1}: object versions are not modelled locally`)
      return name
    })
}

function rows(csv: string): string[][] {
  const field = /(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r?\n|$)/gy
  const found: string[][] = [[]]
  while (field.lastIndex < csv.length) {
    const at = field.lastIndex
    const match = field.exec(csv)
    if (!match) throw new Error(`the manifest is not valid CSV at character ${at}`)
    found.at(-1)?.push(match[1]?.replaceAll('""', '"') ?? match[2] ?? '')
    if (match[3]?.endsWith('\n')) found.push([])
    if (match[0] === '') break
  }
  return found
}
