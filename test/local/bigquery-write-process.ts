import { BigQueryStore } from '../../scripts/local/bigquery/store/store.ts'
import { startBigQueryWrite } from '../../scripts/local/bigquery/write/server.ts'

/** Runs the service in a process of its own, to be killed: prints its address, then serves. */
const [directory = ''] = process.argv.slice(2)
const store = await BigQueryStore.open(directory)
const { address } = await startBigQueryWrite({ store, directory })
process.stdout.write(`${address}\n`)
