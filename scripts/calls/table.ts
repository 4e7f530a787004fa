import { formatCount } from '../terminal/count.ts'
import { type MeasuredCalls, objectsTogether } from './measure.ts'

/** What each call is for, in the order of the flow. */
const purposes: Readonly<Record<string, string>> = {
  'gcs objects.getMedia': 'read the object',
  'gcs objects.insert': 'a claim an object, a seal a group',
  'bigquery CreateWriteStream': 'a stream a table',
  'bigquery AppendRows': 'the rows of a table, up to 9 MB a request; then the record of the objects',
  'bigquery FinalizeWriteStream': 'end the stream',
  'bigquery BatchCommitWriteStreams': 'make its rows visible',
}

/** The measured calls as a Markdown table; a call without a known purpose is shown all the same. */
export function callsTable({ alone, threeTables, together }: MeasuredCalls): string {
  const kinds = [
    ...new Set([...Object.keys(purposes), ...[alone, threeTables, together].flatMap(Object.keys)]),
  ]
  const rows = kinds.map((kind) => {
    const share = formatCount((together[kind] ?? 0) / objectsTogether)
    const counts = [alone[kind] ?? 0, threeTables[kind] ?? 0, together[kind] ?? 0, share]
    return `| ${nameOf(kind)} | ${purposes[kind] ?? ''} | ${counts.join(' | ')} |`
  })
  return [
    `| call | what for | an object alone | alone, in 3 tables | ${objectsTogether} together | an object of these |`,
    '| --- | --- | --: | --: | --: | --: |',
    ...rows,
  ].join('\n')
}

function nameOf(kind: string): string {
  const [service, call] = kind.split(' ')
  return `${service === 'gcs' ? 'Cloud Storage' : 'BigQuery'} \`${call}\``
}
