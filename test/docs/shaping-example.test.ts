import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterEach, expect, test } from 'vitest'
import type { Bridge } from '../../functions/config/schema.ts'
import { readObject } from '../split/read-object.ts'

const root = new URL('../../', import.meta.url)
const directories: string[] = []
afterEach(async () => {
  for (const directory of directories.splice(0)) await rm(directory, { recursive: true })
})

/** The source of docs/configuration.md that filters, maps and redacts, as it is written there. */
async function shapingSource(): Promise<string> {
  const page = await readFile(new URL('docs/configuration.md', root), 'utf8')
  const [, source = ''] = /```ts\n(orders: \{\n.*?)```/s.exec(page) ?? []
  return source
}

test('a source with filter, map and redact takes under 15 lines, and does what its page says', async () => {
  const source = await shapingSource()
  for (const part of ['filter:', 'map:', 'redact:']) expect(source).toContain(part)
  expect(source.trim().split('\n').length).toBeLessThan(15)
  const directory = await mkdtemp(join(tmpdir(), 'causeway-docs-'))
  directories.push(directory)
  const config = join(directory, 'bridge.config.ts')
  const google = `{ project: 'example-project', location: 'US', landingBucket: 'example-a', ledgerBucket: 'example-b' }`
  const text = [
    `import { defineBridge } from '${new URL('functions/config/define-bridge.ts', root).href}'`,
    `export const bridge = defineBridge({ aws: { region: 'us-east-1' }, google: ${google}, sources: { ${source} } })`,
  ]
  await writeFile(config, text.join('\n'))
  const { bridge }: { bridge: Bridge } = await import(/* @vite-ignore */ pathToFileURL(config).href)
  const lines = [
    { status: 200, user: { email: 'a@example.com' } },
    { status: 503, took_ms: 1500, user: { email: 'a@example.com' }, cardNumber: '4111' },
  ]
  const [orders] = bridge.sources
  if (!orders) throw new Error('the page has no source')
  const content = lines.map((line) => `${JSON.stringify(line)}\n`).join('')
  const { counts, rows } = await readObject(orders, content, { hashKey: 'a key for tests only' })
  expect(counts).toEqual({ read: 2, written: 1, filtered: 1, rejected: 0 })
  expect(rows).toMatchObject([{ status: '503', seconds: 1.5 }])
  expect(JSON.parse(String(rows[0]?.['rest']))).toEqual({
    took_ms: 1500,
    user: { email: expect.stringMatching(/^[0-9a-f]{32}$/) },
  })
})
