import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { everything, type Stack, synthesise } from './synthesised.ts'
import { hasTerraform, Terraform } from './terraform.ts'

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

/** What Google would answer of a project where the logs' dataset was deleted, and the rest kept. */
const there = {
  'data.google_storage_buckets.buckets-there': {
    buckets: [{ name: 'example-landing' }, { name: 'another' }],
  },
  'data.google_bigquery_datasets.datasets-there': { datasets: [{ dataset_id: 'causeway' }] },
  'data.google_bigquery_tables.state-tables-there': [
    { tables: [{ table_id: 'rejects' }, { table_id: 'other' }] },
  ],
  'data.google_bigquery_tables.logs-tables-there': [],
}

test.skipIf(!hasTerraform())(
  'Terraform imports what is there and makes the rest',
  { timeout: 60_000 },
  async () => {
    const directory = mkdtempSync(join(tmpdir(), 'causeway-adopt-'))
    onTestFinished(() => rmSync(directory, { recursive: true }))
    // Its own kind of resource in place of Google's, which needs no provider; and answers in place of questions.
    const local = (address: string) => address.replaceAll('.', '_')
    const blocks = second.import?.map(({ to, id, for_each }) => ({
      id,
      to: `terraform_data.${local(String(to))}`,
      for_each: Object.keys(there).reduce(
        (text, one) => text.replaceAll(one, `local.${local(one)}`),
        String(for_each),
      ),
    }))
    const resources = second.import?.map(({ to }) => [local(String(to)), {}]) ?? []
    const locals = Object.fromEntries(Object.entries(there).map(([one, answer]) => [local(one), answer]))
    const stack = { locals, import: blocks, resource: { terraform_data: Object.fromEntries(resources) } }
    writeFileSync(join(directory, 'main.tf.json'), JSON.stringify(stack))
    const terraform = new Terraform(directory, directory)
    await terraform.run('init', '-input=false')
    const plan = await terraform.run('plan', '-input=false')
    expect([...plan.matchAll(/Preparing import\.\.\. \[id=(.*)\]/g)].map(([, id]) => id).sort()).toEqual([
      'example-project/example-landing',
      'projects/example-project/datasets/causeway',
      'projects/example-project/datasets/causeway/tables/rejects',
    ])
    expect(plan).toContain('3 to import, 5 to add')
  },
)
