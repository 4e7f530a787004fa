import { formatCount } from '../terminal/count.ts'
import { appsOfMany, type MeasuredCalls, objectsTogether } from './measure.ts'

/** What each call is for, in the order of the flow. */
const purposes: Readonly<Record<string, string>> = {
  'gcs objects.getMedia': 'ask the ledger for the object, then read it',
  'gcs objects.insert': 'a claim an object; a seal a group, and that it is done',
  'bigquery CreateWriteStream': 'a stream a table, once a process',
  'bigquery AppendRows': 'the rows of a table, up to 9 MB a request; then the record of the objects',
  'bigquery FlushRows': 'make the rows of a table visible',
}

/** The measured calls as a Markdown table; a call without a known purpose is shown all the same. */
export function callsTable({ alone, threeTables, together, manyApps }: MeasuredCalls): string {
  const kinds = [
    ...new Set([...Object.keys(purposes), ...[alone, threeTables, together, manyApps].flatMap(Object.keys)]),
  ]
  const rows = kinds.map((kind) => {
    const share = formatCount((together[kind] ?? 0) / objectsTogether)
    const counts = [...[alone, threeTables, manyApps, together].map((calls) => calls[kind] ?? 0), share]
    return `| ${nameOf(kind)} | ${purposes[kind] ?? ''} | ${counts.join(' | ')} |`
  })
  return [
    `| call | what for | an object alone | alone, in 3 tables | alone, of ${appsOfMany} apps | ${objectsTogether} together | an object of these |`,
    '| --- | --- | --: | --: | --: | --: | --: |',
    ...rows,
  ].join('\n')
}

function nameOf(kind: string): string {
  const [service, call] = kind.split(' ')
  return `${service === 'gcs' ? 'Cloud Storage' : 'BigQuery'} \`${call}\``
}
