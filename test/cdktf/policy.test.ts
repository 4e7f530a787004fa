import { execFile, execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, expect, test } from 'vitest'
import { z } from 'zod'
import config from '../../bridge.config.ts'
import { policyReasons } from './policy-reasons.ts'
import { everything, type Stack, synthesise } from './synthesised.ts'

/** The scanner, from PyPI: named by CAUSEWAY_CHECKOV, or on PATH. */
const checkov = process.env['CAUSEWAY_CHECKOV'] ?? 'checkov'

function missing(): string {
  try {
    execFileSync(checkov, ['--version'], { stdio: 'ignore' })
    return ''
  } catch {
    return 'no checkov: pip install checkov, or name it in CAUSEWAY_CHECKOV'
  }
}

const reason = missing()
const directory = mkdtempSync(join(tmpdir(), 'causeway-policy-'))
afterAll(() => rmSync(directory, { recursive: true }))

const reportSchema = z.object({
  results: z.object({
    failed_checks: z.array(z.object({ check_id: z.string(), resource: z.string() })),
  }),
  summary: z.object({ passed: z.number() }),
})

/** Types of resources a check fails for, as `<check> <type>`; and how many checks passed. */
async function scan(stack: Stack) {
  const file = join(mkdtempSync(join(directory, 'stack-')), 'cdk.tf.json')
  // It reads nothing from a file of one line, and stumbles over import blocks.
  const { import: _, ...readable } = stack
  writeFileSync(file, JSON.stringify(readable, undefined, 2))
  const args = ['-f', file, '--framework', 'terraform_json', '--soft-fail', '--quiet', '-o', 'json']
  const { stdout } = await promisify(execFile)(checkov, args, { maxBuffer: 100_000_000 })
  const { results, summary } = reportSchema.parse(JSON.parse(stdout))
  const typeOf = new Map(
    Object.entries(stack.resource).flatMap(([type, named]) => Object.keys(named).map((id) => [id, type])),
  )
  const found = results.failed_checks.map(({ check_id, resource }) => {
    const id = resource.split('.').at(-1) ?? ''
    return `${check_id} ${typeOf.get(id) ?? resource}`
  })
  return { found, passed: summary.passed }
}

const key = (location: string) => `projects/keys/locations/${location}/keyRings/logs/cryptoKeys/logs`
const keys = { key: key('europe-west1'), datasetKey: key('europe') }

test.skipIf(reason !== '')(
  reason || 'a policy scan of both stacks finds nothing but what there is a reason for',
  { timeout: 300_000 },
  async () => {
    const stacks = [config, everything].flatMap((input) => {
      const { aws, google } = synthesise(input)
      return [aws, google]
    })
    const scans = []
    for (const stack of stacks) scans.push(await scan(stack))
    for (const { passed } of scans) expect(passed).toBeGreaterThan(20)
    const found = new Set(scans.flatMap((one) => one.found))
    expect([...found].toSorted()).toEqual(Object.keys(policyReasons).toSorted())

    const { google } = synthesise({ ...everything, google: { ...everything.google, ...keys } })
    const unkeyed = (await scan(google)).found.filter((one) => /CKV_GCP_8[0134] /.test(one))
    // The view, which keeps nothing.
    expect(unkeyed).toEqual(['CKV_GCP_80 google_bigquery_table'])
  },
)
