import { defineBridge } from '../../functions/config/define-bridge.ts'

/** A message such as `Order refused[limit exceeded][seqId:8f14e45f]`. */
const message = /^([^[]*)\[([^\]]*)\]\[seqId:([^\]]*)\]$/

/** A trade service's JSON events: only what went wrong, and that in columns. One table a component. */
export default defineBridge({
  aws: { region: 'us-east-1' },
  google: {
    project: 'causeway-example',
    location: 'US',
    landingBucket: 'causeway-example-landing',
    ledgerBucket: 'causeway-example-ledger',
  },
  sources: {
    trade: {
      bucket: 'causeway-example-trade-events',
      format: 'json-lines',
      app: { field: 'component' },
      columns: {
        epoch: 'TIMESTAMP',
        returnCode: 'INT64',
        returnError: 'STRING',
        returnMessage: 'STRING',
        requestId: 'STRING',
      },
      filter: (row) => row.returnCode !== 0,
      map: (row) => {
        const [, returnError, returnMessage, requestId] = message.exec(String(row['message'])) ?? []
        return { ...row, event_time: row.epoch, returnError, returnMessage, requestId }
      },
      redact: { account: 'hash' },
    },
  },
})
