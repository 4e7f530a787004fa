import { defineBridge } from './functions/config/define-bridge.ts'

/** What this bridge carries. Read by the functions, the infrastructure, the scripts and the local run alike. */
export default defineBridge({
  aws: { region: 'us-east-1' },
  google: {
    project: 'causeway-example',
    location: 'US',
    landingBucket: 'causeway-example-landing',
    ledgerBucket: 'causeway-example-ledger',
  },
  sources: {
    // Application load balancers: one table a load balancer, logs.alb_<name>.
    alb: { bucket: 'causeway-example-alb-logs', prefix: 'AWSLogs/', format: 'alb' },
    // Container logs as FireLens delivers them: one table a service, logs.ecs_<service>.
    ecs: { bucket: 'causeway-example-ecs-logs', format: 'json-lines' },
    // Whatever else AWS delivers, detected object by object: one table a format and app, logs.aws__cloudtrail_<account>.
    aws: { bucket: 'causeway-example-aws-logs' },
  },
})
