import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'

function read(path: string): string {
  return readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8')
}

test('one Node version is said everywhere', () => {
  const version = read('.nvmrc').trim()
  const { engines, devDependencies } = JSON.parse(read('package.json'))
  expect(engines.node).toBe(`>=${version}`)
  expect(JSON.parse(read('package-lock.json')).packages[''].engines).toEqual(engines)
  expect(devDependencies.node).toMatch(new RegExp(`^${version}\\.`))
  expect(read('.github/workflows/ci.yml')).toContain('node-version-file: .nvmrc')
  expect(read('cdktf/google/function.ts')).toContain(`runtime: 'nodejs${version}'`)
  for (const path of ['README.md', 'CONTRIBUTING.md', '.ci/run']) {
    const said = [...read(path).matchAll(/\bNode (\d+)/g)].map(([, major]) => major)
    expect([path, ...new Set(said)]).toEqual([path, version])
  }
})

test('the actions of the workflow are pinned by commit', () => {
  const uses = [...read('.github/workflows/ci.yml').matchAll(/uses: (.+)/g)].map(([, action]) => action)
  expect(uses.length).toBeGreaterThan(0)
  for (const action of uses) expect(action).toMatch(/^[\w/-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/)
})
