import { expect, test } from 'vitest'
import { everything, type Stack, synthesise } from './synthesised.ts'

const second = synthesise({ ...everything, google: { ...everything.google, adopt: true } }).google

/** The addresses of all resources of some types. */
function addresses({ resource }: Stack, ...types: string[]): string[] {
  return types.flatMap((type) => Object.keys(resource[type] ?? {}).map((id) => `${type}.${id}`))
}

test('what destroying keeps is taken back where it is there: all that holds data, and nothing else', () => {
  const kept = addresses(second, 'google_bigquery_dataset', 'google_bigquery_table', 'google_storage_bucket')
  // The source's bucket is emptied and goes.
  const wanted = kept.filter((address) => address !== 'google_storage_bucket.source-bucket')
  expect(second.import?.map(({ to }) => to).sort()).toEqual(wanted.sort())
})

test.each([
  ['google_storage_bucket.landing-bucket', 'example-project/example-landing'],
  ['google_bigquery_dataset.logs-dataset', 'projects/example-project/datasets/logs'],
  ['google_bigquery_table.objects-view', 'projects/example-project/datasets/causeway/tables/objects'],
  ['google_bigquery_table.web-log-table', 'projects/example-project/datasets/logs/tables/web'],
])('%s is looked for by its name', (to, id) => {
  const block = second.import?.find((one) => one['to'] === to)
  const name = id.slice(id.lastIndexOf('/') + 1)
  expect(block).toEqual({ to, id, for_each: expect.stringContaining(`name == "${name}"`) })
})

test('tables are asked for only in a dataset that is there', () => {
  const tables = Object.values(second.data?.['google_bigquery_tables'] ?? {})
  expect(tables.map(({ dataset_id }) => dataset_id)).toEqual(['logs', 'causeway'])
  for (const { dataset_id, count } of tables) expect(count).toContain(`, "${dataset_id}") ? 1 : 0`)
})

test('nothing is taken over unasked', () => {
  expect(synthesise(everything).google.import).toBeUndefined()
})
