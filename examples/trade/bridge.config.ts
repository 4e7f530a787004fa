import { defineBridge } from '../../functions/config/define-bridge.ts'

/** A message such as `Order refused[limit exceeded][seqId:8f14e45f]`. */
const message = /^([^[]*)\[([^\]]*)\]\[seqId:([^\]]*)\]$/

/**
 * A trade service's JSON events: only what went wrong, and that in columns. One table a component.
 * What a row has is checked as this is written: `row.returnCod` is an error, and so is a `returnCode` that is a Date.
 */
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
      // A code that is no number stays in rest: the row has none then, and is kept.
      filter: (row) => row.returnCode !== 0,
      map: (row) => {
        const [, returnError, returnMessage, requestId] = message.exec(row.message ?? '') ?? []
        return { ...row, event_time: row.epoch, returnError, returnMessage, requestId }
      },
      // Comes first: neither filter nor map sees an account. The key is a secret, in CAUSEWAY_HASH_KEY.
      redact: { account: 'hash' },
    },
  },
})
