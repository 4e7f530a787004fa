/** The `causeway` command. Each subcommand is a file in `commands/`, read only when it is the one asked for. */
import { Command, Option } from 'commander'
import { formatNames } from '../functions/parse/formats.ts'
import { CommandError } from './commands/command-error.ts'
import { type CommandContext, type CommonOptions, openContext } from './commands/context.ts'
import { wholeNumber } from './whole-number.ts'

const program = new Command('causeway')
  .description('Carries log objects from Amazon S3 into BigQuery tables, one per app.')
  .option('--config <file>', 'the configuration (default: bridge.config.ts)')
  .option('--state <directory>', 'where the local bridge keeps its state (default: .causeway)')
  .showHelpAfterError('(add --help for what it takes)')

const formatOption = () => new Option('--format <name>', 'how the lines are read').choices(formatNames)

const yesOption = () => new Option('--yes', 'do it; without it, only what would be done is said')
const cloudOption = () => new Option('--cloud', 'on the real project, even while a local bridge runs')
const operateHelp =
  '\nExit code 0 when nothing is left to do; 1 when something is, or --yes was not said; 2 when it could not run.'

program
  .command('start')
  .description('run the whole bridge here, send it logs, and show what came out')
  .argument('[files...]', 'log files, or directories of them; the sample logs when none are given')
  .addOption(formatOption())
  .option('--source <name>', 'the source of the configuration the files belong to')
  .action(async (files, options) => {
    const { start } = await import('./commands/start.ts')
    await run((context) => start(context, files, options))
  })

program
  .command('local')
  .description('run the whole bridge here until Ctrl-C')
  .option('--faults <file>', 'a fault plan (JSON): what to make go wrong, and the seed')
  .action(async (options) => {
    const { local } = await import('./commands/local.ts')
    await run((context) => local(context, options))
  })

program
  .command('put')
  .description('upload files to the bucket of a source of the running bridge, and wait until they are loaded')
  .argument('<source>')
  .argument('<files...>', 'files, or directories of them')
  .action(async (source, files) => {
    const { put } = await import('./commands/put.ts')
    await run((context) => put(context, source, files))
  })

program
  .command('preview')
  .description('show what files would become: rows on stdout, rejects on stderr, as JSON lines')
  .argument('<files...>', 'files, or directories of them')
  .addOption(formatOption())
  .option('--source <name>', 'the source of the configuration the files belong to')
  .option('--summary', 'counts by table, app and reject instead of the rows')
  .action(async (files, options) => {
    const { preview } = await import('./commands/preview.ts')
    await run((context) => preview(context, files, options))
  })

program
  .command('query')
  .description('run GoogleSQL on the local data, or on the real project')
  .argument('<sql>')
  .option('--json', 'one JSON object a row')
  .option('--cloud', 'ask the real project of the configuration')
  .action(async (sql, options) => {
    const { query } = await import('./commands/query.ts')
    await run((context) => query(context, sql, options))
  })

program
  .command('latency')
  .description('how long each hop took')
  .option('--since <duration>', 'only objects finished in this time, such as 30m, 24h or 7d', '24h')
  .option('--out <file>', 'write a plot: .html, .svg or .json')
  .option('--cloud', 'ask the real project of the configuration')
  .action(async (options) => {
    const { latency } = await import('./commands/latency.ts')
    await run((context) => latency(context, options))
  })

program
  .command('replay')
  .description('announce quarantined objects again, so that they are loaded once their fault is mended')
  .option('--source <name>', 'only those of this source')
  .option('--prefix <uri>', 'only those whose URI begins so: s3://bucket/AWSLogs/')
  .option('--rejects', 'rejected lines instead: those that are rows now are loaded')
  .option('--dead-letters', 'messages that Pub/Sub gave up on instead, also those that announce no object')
  .option('--reason <code>', 'only those quarantined for this reason, or rejects of this error_class')
  .option('--since <duration>', 'only those of this time, such as 30m, 24h or 7d')
  .addOption(yesOption())
  .addOption(cloudOption())
  .option('--json', 'the numbers as JSON')
  .addHelpText('after', operateHelp)
  .action(async (options) => {
    const { replay } = await import('./commands/replay.ts')
    await run((context) => replay(context, options))
  })

program
  .command('reconcile')
  .description('compare what is in S3 with everything behind it, name every difference, and mend it')
  .option('--source <name>', 'only this source')
  .option('--from <time>', 'objects uploaded since: a day, a time, or how long ago such as 24h', '2d')
  .option('--to <time>', 'and before this: what is younger may be on its way', '15m')
  .option('--prefix <keys>', 'only keys that begin so')
  .option('--inventory <uri...>', 'manifests of S3 Inventory, or exports of S3 Metadata: no listing is made')
  .option('--no-rows', 'do not count rows: that reads three columns of every table')
  .option('--out <file>', 'write every difference to a file, as JSON lines')
  .option('--record', 'write the result to causeway.reconciliations, without --yes too')
  .addOption(yesOption())
  .addOption(cloudOption())
  .option('--json', 'the numbers as JSON')
  .addHelpText('after', operateHelp)
  .action(async (options) => {
    const { reconcile } = await import('./commands/reconcile.ts')
    await run((context) => reconcile(context, options))
  })

program
  .command('backfill')
  .description('load what is in S3 and not loaded yet, in a lane of its own')
  .argument('<source>')
  .option(
    '--from <time>',
    'objects uploaded since: a day, a time, or how long ago such as 30d (default: all)',
  )
  .option('--to <time>', 'and before this (default: now)')
  .option('--prefix <keys>', 'only keys that begin so')
  .option('--inventory <uri...>', 'manifests of S3 Inventory, or exports of S3 Metadata: no listing is made')
  .option('--lane <name>', 'the lane of google.lanes whose instances load it', 'backfill')
  .option('--batch <n>', 'objects a transfer job: at most 5,000 jobs a day may be made', wholeNumber, 5_000)
  .addOption(yesOption())
  .addOption(cloudOption())
  .option('--json', 'the numbers as JSON')
  .addHelpText('after', operateHelp)
  .action(async (source, options) => {
    const { backfill } = await import('./commands/backfill.ts')
    await run((context) => backfill(context, source, options))
  })

program
  .command('verify')
  .description("compare a source's tables with another pipeline's, hour by hour and app by app")
  .argument('<source>')
  .requiredOption(
    '--against <table>',
    'dataset.table or project.dataset.table; with * at its end, all that begin so',
  )
  .option('--map <ours=theirs...>', 'columns that have other names there')
  .option('--from <time>', 'rows of events since: a day, a time, or how long ago such as 24h', '1d')
  .option('--to <time>', 'and before this', '0m')
  .addOption(cloudOption())
  .option('--json', 'the result as JSON')
  .addHelpText('after', '\nExit code 0 when both have the same rows; 1 when not; 2 when it could not run.')
  .action(async (source, options) => {
    const { verify } = await import('./commands/verify.ts')
    await run((context) => verify(context, source, options))
  })

for (const [name, what] of [
  ['pause', 'stop the transfer of a source: uploads wait in its queue, and what landed is loaded'],
  ['resume', 'start the transfer of a source again'],
] as const)
  program
    .command(name)
    .description(what)
    .argument('<source>')
    .addOption(yesOption())
    .addOption(cloudOption())
    .option('--json', 'the numbers as JSON')
    .addHelpText('after', operateHelp)
    .action(async (source, options) => {
      const commands = await import('./commands/pause.ts')
      await run((context) => commands[name](context, source, options))
    })

program
  .command('doctor')
  .description('check what is deployed along the flow, and say what is wrong and what mends it')
  .option('--source <name...>', 'only these sources')
  .option('--env <name>', 'an environment of the configuration')
  .option('--cloud', 'the real project and account, even while a local bridge runs')
  .option('--json', 'the results as JSON')
  .addHelpText(
    'after',
    '\nExit code 0 when nothing failed, warnings and checks that could not be made included; 1 when something failed.',
  )
  .action(async (options) => {
    const { doctor } = await import('./commands/doctor.ts')
    await run((context) => doctor(context, options))
    // Calls that were not answered in time may still be under way, and some clients try for minutes.
    process.stdout.write('', () => process.exit())
  })

await program.parseAsync()

/** Runs a command: its number is the exit code, and an error it foresaw is shown without a stack. */
async function run(command: (context: CommandContext) => Promise<number>): Promise<void> {
  try {
    process.exitCode = await command(await openContext(program.opts<CommonOptions>()))
  } catch (error) {
    if (!(error instanceof CommandError)) throw error
    process.stderr.write(`causeway: ${error.message}\n`)
    process.exitCode = 1
  }
}
