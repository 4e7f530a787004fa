import { defineBridge } from '../../functions/config/define-bridge.ts'

/**
 * Logs of many apps, collected by host into one compressed archive, as rsyslog or a side-car does it. Each app's lines
 * go to a table of its own: a query for one app reads that table, and no byte of the others'.
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
    host: {
      bucket: 'causeway-example-host-logs',
      suffix: '.gz',
      format: 'json-lines',
      // The path of the file a line was in, which has no column: /var/log/apps/checkout/stdout.log is of app checkout.
      app: (row) => /^\/var\/log\/apps\/([^/]+)\//.exec(String(row.rest['file']))?.[1],
      defaultApp: 'system',
      // A thousand apps may come: those past the first hundred share the table host_other.
      maxTables: 100,
      filter: (row) => row.level !== 'debug',
    },
  },
})
