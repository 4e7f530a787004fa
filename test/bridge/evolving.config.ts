import { defineBridge } from '../../functions/config/define-bridge.ts'

/** A source whose tables get a column for each new field. */
export default defineBridge({
  aws: { region: 'us-east-1', account: '000000000000' },
  google: {
    project: 'causeway-example',
    location: 'US',
    landingBucket: 'causeway-example-landing',
    ledgerBucket: 'causeway-example-ledger',
    transferSubjectId: '100000000000000000000',
  },
  sources: { ecs: { bucket: 'causeway-example-ecs-logs', format: 'json-lines', contract: 'evolve' } },
})
