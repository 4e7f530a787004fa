/** The `mutate` command: breaks the load code in known ways, one at a time, and sees whether anything notices. */
import { execFile } from 'node:child_process'
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Command } from 'commander'
import { type Mutation, mutations } from './mutate/mutations.ts'

const root = join(import.meta.dirname, '..')
/** Cheapest first: the next is run only when nothing was noticed. */
const checks: readonly (readonly [name: string, file: string, args: readonly string[]])[] = [
  [
    'tests',
    'node_modules/vitest/vitest.mjs',
    ['run', 'test/load', 'test/commit', 'test/clients', 'test/finalize', '--bail=1'],
  ],
  ['tests of appends', 'node_modules/vitest/vitest.mjs', ['run', 'test/append/streams.test.ts', '--bail=1']],
  ['simulation', 'scripts/simulate.ts', ['--seeds', '500', '--json']],
]

const program = new Command('mutate')
  .description(
    'Breaks the load code in known ways, one at a time, in a copy of the project, and runs tests and 500 seeds of the ' +
      'simulation on each. Fails when a fault goes unnoticed that is not said to be harmless, or one is noticed that is.',
  )
  .option('--only <text>', 'only faults whose names have this in them', '')
  .parse()
const { only } = program.opts<{ only: string }>()

const wanted = mutations.filter(({ name }) => name.includes(only))
if (wanted.length === 0) program.error(`error: no fault has "${only}" in its name`)
process.exitCode = await mutate(wanted)

async function mutate(wanted: readonly Mutation[]): Promise<number> {
  const copy = mkdtempSync(join(root, '.causeway-mutate-'))
  process.once('exit', () => rmSync(copy, { recursive: true, force: true }))
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(130))
  try {
    for (const part of [
      'functions',
      'scripts',
      'test',
      'cdktf',
      'package.json',
      'bridge.config.ts',
      'vitest.config.ts',
    ])
      cpSync(join(root, part), join(copy, part), { recursive: true })
    symlinkSync(join(root, 'node_modules'), join(copy, 'node_modules'))
    let wrong = 0
    for (const mutation of wanted) {
      const noticed = await noticedBy(copy, mutation)
      const expected = (noticed === undefined) === (mutation.harmless !== undefined)
      if (!expected) wrong += 1
      const how = noticed
        ? `noticed by ${noticed}`
        : `survives${mutation.harmless ? `: ${mutation.harmless}` : ''}`
      process.stdout.write(`${expected ? 'ok  ' : 'FAIL'}  ${mutation.name}: ${how}\n`)
    }
    process.stdout.write(`\n${wanted.length} faults, ${wrong} not as expected\n`)
    return wrong > 0 ? 1 : 0
  } finally {
    rmSync(copy, { recursive: true, force: true })
  }
}

/** Which check notices; undefined when none does. @throws Error when the fault does not fit the code any more. */
async function noticedBy(copy: string, { name, file, from, to }: Mutation): Promise<string | undefined> {
  const path = join(copy, file)
  const text = readFileSync(path, 'utf8')
  if (text.split(from).length !== 2) throw new Error(`${name}: what it breaks is not there once in ${file}`)
  writeFileSync(
    path,
    text.replace(from, () => to),
  )
  try {
    for (const [check, program, args] of checks) if (!(await passes(copy, program, args))) return check
    return undefined
  } finally {
    writeFileSync(path, text)
  }
}

function passes(cwd: string, program: string, args: readonly string[]): Promise<boolean> {
  return new Promise((resolve) => {
    const options = { cwd, timeout: 300_000, maxBuffer: 64 * 1024 * 1024 }
    execFile(process.execPath, [join(cwd, program), ...args], options, (error) => resolve(error === null))
  })
}
