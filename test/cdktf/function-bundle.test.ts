import { execFileSync, fork } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { BigQuery } from '@google-cloud/bigquery'
import { strFromU8, unzipSync } from 'fflate'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { bundleFunction } from '../../cdktf/bundle/function-bundle.ts'
import { startBigQuery } from '../../scripts/local/bigquery/start.ts'

const root = join(import.meta.dirname, '../..')
const directory = mkdtempSync(join(tmpdir(), 'causeway-bundle-'))
const configPath = join(directory, 'my.config.ts')
const stops: (() => Promise<void>)[] = []

beforeAll(() => {
  const config = {
    aws: { region: 'us-east-1' },
    google: {
      project: 'bundled-project',
      location: 'US',
      landingBucket: 'bundled-landing',
      ledgerBucket: 'bundled-ledger',
    },
    sources: { web: { bucket: 'bundled-web', format: 'json-lines' } },
    environments: {
      staging: {
        google: { landingBucket: 'staged-landing', ledgerBucket: 'staged-ledger' },
        dataset: 'staged_logs',
        stateDataset: 'staged',
      },
    },
  }
  writeFileSync(
    configPath,
    `import { defineBridge } from '${join(root, 'functions/config/define-bridge.ts')}'\nexport default defineBridge(${JSON.stringify(config)})\n`,
  )
})

afterAll(async () => {
  for (const stop of stops.reverse()) await stop()
  rmSync(directory, { recursive: true })
})

async function bundled(environment?: string, into = 'dist'): Promise<Buffer> {
  return readFileSync(await bundleFunction({ configPath, environment, directory: join(directory, into) }))
}

test('the same source makes the same bytes, and another environment others', async () => {
  const [first, again, staging] = [
    await bundled(),
    await bundled(undefined, 'again'),
    await bundled('staging'),
  ]
  expect(again.equals(first)).toBe(true)
  expect(staging.equals(first)).toBe(false)
})

test('it holds the function, its configuration and a package.json with the framework alone', async () => {
  const files = unzipSync(await bundled())
  expect(Object.keys(files)).toEqual(['index.js', 'package.json', 'package-lock.json'])
  const manifest = JSON.parse(strFromU8(files['package.json'] ?? new Uint8Array()))
  expect(Object.keys(manifest.dependencies)).toEqual(['@google-cloud/functions-framework'])
  expect(manifest.dependencies['@google-cloud/functions-framework']).toMatch(/^\d+\.\d+\.\d+$/)
  const code = strFromU8(files['index.js'] ?? new Uint8Array())
  expect(code).toContain('bundled-landing')
  expect(code).not.toContain('causeway-example')
  expect(code).not.toContain(root)
})

test('its build installs the very packages of the project, each by its checksum, and no other', async () => {
  const files = unzipSync(await bundled())
  const { packages } = JSON.parse(strFromU8(files['package-lock.json'] ?? new Uint8Array()))
  const tested = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')).packages
  const { '': own, ...installed } = packages
  expect(own.dependencies).toEqual(
    JSON.parse(strFromU8(files['package.json'] ?? new Uint8Array())).dependencies,
  )
  expect(Object.keys(installed).length).toBeGreaterThan(50)
  for (const [place, one] of Object.entries<{ integrity: string; dev?: boolean }>(installed)) {
    expect(one).toEqual(tested[place])
    expect(one.integrity, place).toMatch(/^sha512-/)
    expect(one.dev).toBeUndefined()
  }
})

test('npm ci takes it: package.json and lock agree, and nothing is left to be found out from a registry', async () => {
  const place = join(directory, 'built')
  mkdirSync(place)
  for (const [name, content] of Object.entries(unzipSync(await bundled())))
    writeFileSync(join(place, name), content)
  const options = ['--dry-run', '--offline', '--no-audit', '--no-fund', `--cache=${join(directory, 'npm')}`]
  const said = execFileSync('npm', ['ci', ...options], { cwd: place, encoding: 'utf8', stdio: 'pipe' })
  expect(said).toMatch(/added \d+ packages/)
})

test('under functions-framework it takes what Pub/Sub pushes, with the configuration of its environment', async () => {
  const place = join(directory, 'deployed')
  mkdirSync(place)
  for (const [name, content] of Object.entries(unzipSync(await bundled('staging'))))
    writeFileSync(join(place, name), content)
  // As `npm install` in the archive would, from its package.json.
  mkdirSync(join(place, 'node_modules/@google-cloud'), { recursive: true })
  symlinkSync(
    join(root, 'node_modules/@google-cloud/functions-framework'),
    join(place, 'node_modules/@google-cloud/functions-framework'),
  )
  const bigquery = await startBigQuery({
    directory: join(directory, 'bigquery'),
    projectId: 'bundled-project',
    location: 'US',
  })
  stops.push(() => bigquery.stop())
  const url = await deploy(place, { ...bigquery.environment })

  const message = {
    data: Buffer.from('{}').toString('base64'),
    attributes: {
      eventType: 'OBJECT_DELETE',
      payloadFormat: 'JSON_API_V1',
      bucketId: 'a-bucket',
      objectId: 's3/b/k',
      objectGeneration: '1',
    },
    messageId: '7',
  }
  const reply = await fetch(`${url}/projects/bundled-project/topics/causeway-staging-landed`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ subscription: 'projects/bundled-project/subscriptions/s', message }),
  })
  expect(reply.status).toBe(204)
  for (const [name, value] of Object.entries(bigquery.environment)) vi.stubEnv(name, value)
  const [rows] = await new BigQuery({ projectId: 'bundled-project' }).query('SELECT * FROM staged.object_log')
  expect(rows).toMatchObject([{ outcome: 'ignored', message_id: '7' }])
})

/** Runs it as Cloud Functions does a function without a trigger, on loopback, and gives its address. */
async function deploy(place: string, environment: Record<string, string>): Promise<string> {
  const framework = dirname(createRequire(import.meta.url).resolve('@google-cloud/functions-framework'))
  const child = fork(join(framework, 'main.js'), ['--target=load', '--signature-type=http', '--port=0'], {
    cwd: place,
    env: { ...environment, METADATA_SERVER_DETECTION: 'none', NODE_ENV: 'production' },
    execArgv: ['--import', join(root, 'scripts/local/function/preload.ts')],
    stdio: 'pipe',
  })
  stops.push(async () => {
    child.kill('SIGKILL')
  })
  let said = ''
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk) => (said += String(chunk)))
  return new Promise((resolve, reject) => {
    child.once('exit', (code) => reject(new Error(`the function ended (exit code ${code}): ${said}`)))
    child.once('message', ({ listening }: { listening: { port: number } }) =>
      resolve(`http://127.0.0.1:${listening.port}`),
    )
  })
}
