import { join } from 'node:path'
import { GcsBackend, LocalBackend, S3Backend, type TerraformStack } from 'cdktf'
import type { Bridge } from '../functions/config/schema.ts'

/** Keeps a stack's state where the configuration says: an object of its own a stack, so environments cannot meet. */
export function keepState(stack: TerraformStack, name: string, { state }: Pick<Bridge, 'state'>): void {
  switch (state.kind) {
    case 'local':
      // Beside the project, not in the output directory, which may be deleted.
      new LocalBackend(stack, { path: join(import.meta.dirname, '..', `terraform.${name}.tfstate`) })
      break
    case 's3':
      new S3Backend(stack, {
        bucket: state.bucket,
        region: state.region,
        key: `${state.prefix}/${name}.tfstate`,
        encrypt: true,
        useLockfile: true,
      })
      break
    case 'gcs':
      new GcsBackend(stack, { bucket: state.bucket, prefix: `${state.prefix}/${name}` })
      break
  }
}
