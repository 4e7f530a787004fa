/**
 * `npm run cdktf -- <command> [--env <name>]`: the CDK Terrain command on this project's stacks. It passes what it is
 * given on, and the environment to the synthesis the command starts.
 */
import { spawn } from 'node:child_process'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { environmentOption } from './settings.ts'

const cli = join(dirname(createRequire(import.meta.url).resolve('cdktn-cli/package.json')), 'bin/cdktn')
const { environment, rest } = environmentOption(process.argv.slice(2))

const child = spawn(process.execPath, [cli, ...rest], {
  cwd: join(import.meta.dirname, '..'),
  stdio: 'inherit',
  env: { ...process.env, ...(environment && { CAUSEWAY_ENV: environment }) },
})
child.once('exit', (code, signal) => {
  process.exitCode = code ?? (signal ? 1 : 0)
})
