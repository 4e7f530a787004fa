import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type OperateOptions, operate } from '../operations/operate.ts'
import { planReconcile, type ReconcileOptions } from '../operations/reconcile/reconcile.ts'
import type { CommandContext } from './context.ts'

/** Compares S3 with everything behind it, and mends the differences. */
export async function reconcile(
  context: CommandContext,
  options: OperateOptions & ReconcileOptions,
): Promise<number> {
  const directory = mkdtempSync(join(tmpdir(), 'causeway-reconcile-'))
  try {
    const differences = options.out ?? join(directory, 'differences.ndjson')
    return await operate(context, 'reconcile', options, (target) =>
      planReconcile(target, options, { differences }),
    )
  } finally {
    rmSync(directory, { recursive: true, force: true })
  }
}
