/** An object to upload, with what its generator knows of it: the expectation tests hold the bridge to. */
export interface SampleObject {
  readonly source: 'alb' | 'ecs'
  readonly key: string
  /** As uploaded: gzip where the key ends in `.gz`, of one member or several. */
  readonly body: Buffer
  /** All lines, the bad ones included. */
  readonly lines: number
  /** Lines no parser of the source's format may accept. */
  readonly badLines: number
  /** Where the bad lines stand, counted from 1. */
  readonly badLineNumbers: readonly number[]
  /** Good lines of each app: the `elb` name for alb, the `container_name` for ecs. */
  readonly rowsPerApp: Readonly<Record<string, number>>
}

/** A line before it is put in a file; without an app it is a bad one. Raw bytes, since a bad one may not be UTF-8. */
export interface SampleLine {
  readonly app: string | undefined
  readonly bytes: Buffer
}

/** What the lines make of the counts of an object. */
export function countLines(
  lines: readonly SampleLine[],
): Pick<SampleObject, 'lines' | 'badLines' | 'badLineNumbers' | 'rowsPerApp'> {
  const badLineNumbers = lines.flatMap(({ app }, index) => (app === undefined ? [index + 1] : []))
  const rowsPerApp: Record<string, number> = {}
  for (const { app } of lines) if (app !== undefined) rowsPerApp[app] = (rowsPerApp[app] ?? 0) + 1
  return { lines: lines.length, badLines: badLineNumbers.length, badLineNumbers, rowsPerApp }
}
