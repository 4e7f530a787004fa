/** `npm run synth`: writes the Terraform of both clouds to `cdktf.out/`. No network, no credentials. */
import { pathToFileURL } from 'node:url'
import { ConfigError } from '../functions/config/define-bridge.ts'
import type { Bridge } from '../functions/config/schema.ts'
import { bridgeApp } from './app.ts'
import { bridgeIn } from './bridge-in.ts'
import { bundleFunction } from './bundle/function-bundle.ts'
import { firstSteps } from './google/first-steps.ts'
import { readSynthSettings } from './settings.ts'
import { addStacks } from './stacks.ts'

try {
  const { configPath, environment, outputDirectory } = readSynthSettings()
  const module: { default: Bridge } = await import(pathToFileURL(configPath).href)
  const bridge = bridgeIn(module.default, environment)
  const app = bridgeApp(outputDirectory)
  addStacks(app, bridge, await bundleFunction({ configPath, environment }))
  app.synth()
  const before = firstSteps(bridge).map((step) => `  ${step}\n`)
  process.stdout.write(
    `${bridge.name}: stacks written to ${outputDirectory}\n` +
      `Before the first deployment to project ${bridge.google.project}, once:\n${before.join('')}`,
  )
} catch (error) {
  if (!(error instanceof ConfigError)) throw error
  process.stderr.write(`${error.message}\n`)
  process.exitCode = 1
}
