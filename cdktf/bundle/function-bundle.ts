import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { build, type Plugin } from 'esbuild'
import { zipSync } from 'fflate'
import { z } from 'zod'
import { lockFor } from './package-lock.ts'

const root = join(import.meta.dirname, '../..')

/** Stays a package: it runs the function, and both must share its registry of functions. */
const framework = '@google-cloud/functions-framework'

/** Of every file in the archive: the first moment a zip knows, in local time, as zips have it. */
const mtime = new Date(1980, 0, 1)

export interface BundleOptions {
  /** The configuration that goes into the bundle, an absolute path. */
  readonly configPath: string
  /** The environment of it that the function works in. */
  readonly environment: string | undefined
  /** Where the archive goes; `dist/` when absent. */
  readonly directory?: string
}

/**
 * Bundles the load function with its configuration and gives the path of the archive Cloud Functions builds from:
 * one JavaScript file, a package.json, and the package-lock.json that holds its build to the releases tested here. The
 * same source and dependencies give the same bytes.
 */
export async function bundleFunction({
  configPath,
  environment,
  directory = join(root, 'dist'),
}: BundleOptions): Promise<string> {
  const code = await bundle(configPath, environment)
  const path = join(directory, `load-${environment ?? 'main'}.zip`)
  await mkdir(dirname(path), { recursive: true })
  const own = await manifestOf()
  const lock = lockFor(own, await readFile(join(root, 'package-lock.json'), 'utf8'))
  const files = {
    'index.js': code,
    'package.json': Buffer.from(`${JSON.stringify(own, null, 2)}\n`),
    'package-lock.json': Buffer.from(lock),
  }
  await writeFile(path, zipSync(files, { level: 9, mtime }))
  return path
}

async function bundle(configPath: string, environment: string | undefined): Promise<Uint8Array> {
  const { outputFiles } = await build({
    entryPoints: [join(root, 'functions/index.ts')],
    absWorkingDir: root,
    bundle: true,
    write: false,
    format: 'esm',
    platform: 'node',
    target: 'node24',
    external: [framework],
    legalComments: 'none',
    // Packages in CommonJS ask for these, which a module does not have.
    banner: {
      js: [
        "import { createRequire as $createRequire } from 'node:module'",
        'const require = $createRequire(import.meta.url)',
        'const __filename = import.meta.filename',
        'const __dirname = import.meta.dirname',
      ].join('\n'),
    },
    plugins: [configuration(configPath, environment)],
    logLevel: 'error',
  })
  const [file] = outputFiles
  if (!file) throw new Error('esbuild wrote nothing for functions/index.ts')
  return file.contents
}

/** Puts the chosen configuration, in its environment, where the function imports `bridge.config.ts`. */
function configuration(configPath: string, environment: string | undefined): Plugin {
  const name = 'configuration'
  const chosen = environment === undefined ? 'bridge' : `bridge.environments[${JSON.stringify(environment)}]`
  return {
    name,
    setup: (esbuild) => {
      esbuild.onResolve({ filter: /^\.\.\/bridge\.config\.ts$/ }, () => ({ path: 'chosen', namespace: name }))
      esbuild.onResolve({ filter: /^configuration:file$/ }, () => ({ path: configPath }))
      esbuild.onLoad({ filter: /.*/, namespace: name }, () => ({
        contents: `import bridge from 'configuration:file'\nexport default ${chosen}\n`,
        resolveDir: root,
      }))
    },
  }
}

const manifest = z.object({ version: z.string(), dependencies: z.record(z.string(), z.string()) })

/** The package.json of the archive: only what is not bundled, at the version the project has. */
async function manifestOf() {
  const { version, dependencies } = manifest.parse(
    JSON.parse(await readFile(join(root, 'package.json'), 'utf8')),
  )
  const release = dependencies[framework]
  if (release === undefined) throw new Error(`package.json has no dependency ${framework}`)
  return {
    name: 'causeway-load',
    version,
    private: true,
    type: 'module',
    main: 'index.js',
    engines: { node: '24' },
    dependencies: { [framework]: release },
  }
}
