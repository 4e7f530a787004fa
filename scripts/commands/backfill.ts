import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type BackfillOptions, planBackfill } from '../operations/backfill/backfill.ts'
import { type OperateOptions, operate } from '../operations/operate.ts'
import type { CommandContext } from './context.ts'

/** Loads what is in S3 and not loaded yet. */
export async function backfill(
  context: CommandContext,
  name: string,
  options: OperateOptions & BackfillOptions,
): Promise<number> {
  const directory = mkdtempSync(join(tmpdir(), 'causeway-backfill-'))
  try {
    return await operate(context, `backfill ${name}`, options, (target) =>
      planBackfill(target, name, options, { wanted: join(directory, 'wanted.ndjson') }),
    )
  } finally {
    rmSync(directory, { recursive: true, force: true })
  }
}
