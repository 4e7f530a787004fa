import { App } from 'cdktf'

/** An app that writes to a directory, for the releases that can lock state in S3 without a table beside it. */
export function bridgeApp(outdir: string): App {
  return new App({ outdir, context: { targetVersions: { terraform: '>=1.10.0', opentofu: '>=1.10.0' } } })
}
