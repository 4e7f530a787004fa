import { startPubSub } from '../../scripts/local/pubsub/start.ts'

/** Runs the service in a process of its own, to be killed, its clock so many ms ahead: prints its address, then serves. */
const [directory = '', ahead = '0'] = process.argv.slice(2)
const { environment } = await startPubSub({ directory, clock: () => Date.now() + Number(ahead) })
process.stdout.write(`${environment['PUBSUB_EMULATOR_HOST']}\n`)
