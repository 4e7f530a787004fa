import { messageOf } from '../../functions/model/failure.ts'
import { CommandError } from '../commands/command-error.ts'
import type { CommandContext } from '../commands/context.ts'
import { Progress, type StageCount } from '../terminal/progress.ts'
import { table } from '../terminal/table.ts'
import { type Target, withTarget } from './target.ts'

/** What every command takes that changes a bridge that runs. */
export interface OperateOptions {
  /** Do it, not only say what would be done. */
  readonly yes?: boolean
  readonly json?: boolean
  readonly cloud?: boolean
}

/** How often there is something, by what it is. */
export type Figures = Readonly<Record<string, number>>

/** What an operation would do, worked out without changing anything. */
export interface Plan {
  /** In numbers. */
  readonly figures: Figures
  /** What people read beside the numbers: a line each. */
  readonly details?: readonly string[]
  /** Things to do; with none, `run` is not called. */
  readonly todo: number
  /** Does them. Safe to stop at any point and to begin again. */
  run(show: (stages: readonly StageCount[]) => void): Promise<Report>
}

/** What came of it. */
export interface Report {
  readonly figures: Figures
  /** What is not done, each with the reason and what to do. */
  readonly left: readonly string[]
}

/** 0: nothing is left to do. 1: something is: it was not told --yes, or not all of it worked. 2: it could not run. */
export type ExitCode = 0 | 1 | 2

/**
 * Runs a command that changes a bridge: says in numbers what it would do, and does it when it is told --yes.
 * @param name of the command. @param planOf works out what there is to do.
 */
export async function operate(
  context: CommandContext,
  name: string,
  options: OperateOptions,
  planOf: (target: Target) => Promise<Plan>,
): Promise<ExitCode> {
  const say = (text: string) => {
    if (!options.json) process.stdout.write(`${text}\n`)
  }
  return inspect(context, name, options, async (target) => {
    const plan = await planOf(target)
    say(`${name}, ${target.name}\n\n${figureTable(plan.figures, context)}\n`)
    if (plan.details?.length) say(`${plan.details.join('\n')}\n`)
    const report = options.yes && plan.todo > 0 ? await runShown(context, plan) : undefined
    if (options.json)
      process.stdout.write(
        `${JSON.stringify({ plan: plan.figures, details: plan.details, todo: plan.todo, ...report })}\n`,
      )
    if (report) say(figureTable(report.figures, context))
    else say(plan.todo === 0 ? 'There is nothing to do.' : 'Nothing was changed: say --yes to do it.')
    for (const left of report?.left ?? []) process.stderr.write(`${left}\n`)
    const isDone = report ? report.left.length === 0 : plan.todo === 0
    return isDone ? 0 : 1
  })
}

/** Runs a command on a bridge, and says what it could not run for. */
export async function inspect(
  context: CommandContext,
  name: string,
  options: Pick<OperateOptions, 'cloud'>,
  work: (target: Target) => Promise<0 | 1>,
): Promise<ExitCode> {
  try {
    return await withTarget(context, options, work)
  } catch (error) {
    const text = error instanceof CommandError ? error.message : `${name} failed: ${messageOf(error)}`
    process.stderr.write(`causeway: ${text}\n`)
    return 2
  }
}

async function runShown(context: CommandContext, plan: Plan): Promise<Report> {
  const progress = new Progress({ stream: process.stderr, terminal: context.err, now: Date.now })
  try {
    return await plan.run((stages) => progress.show(stages))
  } finally {
    progress.done()
  }
}

function figureTable(figures: Figures, context: CommandContext): string {
  return table(['what', 'how many'], Object.entries(figures), context.out)
}
