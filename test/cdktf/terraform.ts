import { execFile, execFileSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'

const run = promisify(execFile)

/**
 * Directory with Terraform providers (a filesystem mirror): CAUSEWAY_TERRAFORM_PROVIDERS, or that of Terraform's own
 * configuration. Without one Terraform would download hundreds of megabytes, which no test should.
 */
function providerMirror(environment: NodeJS.ProcessEnv = process.env): string | undefined {
  const given = environment['CAUSEWAY_TERRAFORM_PROVIDERS']
  if (given) return given
  const file = environment['TF_CLI_CONFIG_FILE'] ?? join(homedir(), '.terraformrc')
  if (!existsSync(file)) return undefined
  return /filesystem_mirror\s*\{[^}]*path\s*=\s*"([^"]+)"/.exec(readFileSync(file, 'utf8'))?.[1]
}

export function hasTerraform(): boolean {
  try {
    execFileSync('terraform', ['version'], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}

/** Terraform with what a cloud's stack needs of providers from disk, or why there is none. */
export function findTerraform(provider: 'aws' | 'google'): { mirror: string } | { missing: string } {
  if (!hasTerraform()) return { missing: 'terraform is not on PATH' }
  const mirror = providerMirror()
  if (mirror === undefined)
    return { missing: 'no provider on disk: set CAUSEWAY_TERRAFORM_PROVIDERS to a filesystem mirror' }
  const lacking = (provider === 'google' ? ['google', 'time'] : [provider]).filter((name) => {
    const path = join(mirror, 'registry.terraform.io/hashicorp', name)
    return !existsSync(path) || readdirSync(path).length === 0
  })
  return lacking.length === 0 ? { mirror } : { missing: `not in ${mirror}: provider ${lacking.join(', ')}` }
}

/** Runs Terraform in a directory. @throws Error with what it printed. */
export class Terraform {
  readonly #directory: string
  readonly #environment: NodeJS.ProcessEnv

  constructor(directory: string, mirror: string) {
    this.#directory = directory
    const config = join(directory, 'terraform.rc')
    writeFileSync(config, `provider_installation {\n  filesystem_mirror {\n    path = "${mirror}"\n  }\n}\n`)
    this.#environment = {
      PATH: process.env['PATH'],
      TF_CLI_CONFIG_FILE: config,
      TF_IN_AUTOMATION: '1',
      CHECKPOINT_DISABLE: '1',
      AWS_ACCESS_KEY_ID: 'test',
      AWS_SECRET_ACCESS_KEY: 'test',
      GOOGLE_OAUTH_ACCESS_TOKEN: 'test',
    }
  }

  async run(...args: string[]): Promise<string> {
    const options = { cwd: this.#directory, env: this.#environment, maxBuffer: 50_000_000 }
    const { stdout } = await run('terraform', [...args, '-no-color'], options)
    return stdout
  }
}
