import { inspect } from '../operations/operate.ts'
import {
  type Bucket,
  type Verified,
  type VerifyOptions,
  verify as verifyTables,
} from '../operations/verify/verify.ts'
import { table } from '../terminal/table.ts'
import type { CommandContext } from './context.ts'

/** Compares the tables of a source with another pipeline's. */
export function verify(
  context: CommandContext,
  name: string,
  options: VerifyOptions & { readonly json?: boolean; readonly cloud?: boolean },
): Promise<number> {
  return inspect(context, 'verify', options, async (target) => {
    const verified = await verifyTables(target, name, options)
    process.stdout.write(
      options.json
        ? `${JSON.stringify(verified)}\n`
        : `${textOf(context, name, options.against, verified)}\n`,
    )
    return verified.different.length === 0 ? 0 : 1
  })
}

function textOf(context: CommandContext, name: string, against: string, verified: Verified): string {
  const { columns, hours, ours, theirs, different } = verified
  const parts = [
    `${name} and ${against}, compared by ${columns.join(', ')}`,
    `${ours} rows and ${theirs}, in ${hours} hours of an app: ${
      different.length === 0 ? 'the same' : `${different.length} differ`
    }`,
  ]
  if (different.length === 0) return parts.join('\n')
  const rows = different.map((bucket) => [bucket.hour, bucket.app, bucket.ours, bucket.theirs])
  parts.push('', table(['hour', 'app', 'rows', 'rows there'], rows, context.out))
  return [...parts, ...different.flatMap(examplesOf)].join('\n')
}

function examplesOf({ hour, app, examples }: Bucket): string[] {
  if (examples.length === 0) return []
  const lines = examples.map(
    ({ ours, theirs, row }) => `  ${ours} here, ${theirs} there: ${JSON.stringify(row)}`,
  )
  return ['', `${hour} ${app}`.trimEnd(), ...lines]
}
