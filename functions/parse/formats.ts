import type { Format } from '../model/format.ts'
import { alb } from './formats/alb.ts'
import { albConnection } from './formats/alb-connection.ts'
import { albHealthCheck } from './formats/alb-health-check.ts'
import { apiGateway } from './formats/api-gateway.ts'
import { apiGatewayClf } from './formats/api-gateway-clf.ts'
import { clb } from './formats/clb.ts'
import { cloudfront } from './formats/cloudfront.ts'
import { cloudfrontRealtime } from './formats/cloudfront-realtime.ts'
import { cloudtrail } from './formats/cloudtrail.ts'
import { cloudwatchExport } from './formats/cloudwatch-export.ts'
import { cloudwatchLogs } from './formats/cloudwatch-logs.ts'
import { cri } from './formats/cri.ts'
import { csv } from './formats/csv.ts'
import { docker } from './formats/docker.ts'
import { globalAccelerator } from './formats/global-accelerator.ts'
import { guardduty } from './formats/guardduty.ts'
import { journald } from './formats/journald.ts'
import { jsonLines } from './formats/json-lines.ts'
import { kubernetesAudit } from './formats/kubernetes-audit.ts'
import { logfmt } from './formats/logfmt.ts'
import { networkFirewall } from './formats/network-firewall.ts'
import { nginx } from './formats/nginx.ts'
import { nlb } from './formats/nlb.ts'
import { route53Query } from './formats/route53-query.ts'
import { route53Resolver } from './formats/route53-resolver.ts'
import { s3Access } from './formats/s3-access.ts'
import { securityLake } from './formats/security-lake.ts'
import { syslog } from './formats/syslog.ts'
import { text } from './formats/text.ts'
import { tsv } from './formats/tsv.ts'
import { vpcFlow } from './formats/vpc-flow.ts'
import { vpcLattice } from './formats/vpc-lattice.ts'
import { w3c } from './formats/w3c.ts'
import { waf } from './formats/waf.ts'

const all = {
  alb,
  'json-lines': jsonLines,
  nlb,
  clb,
  'alb-connection': albConnection,
  'alb-health-check': albHealthCheck,
  'api-gateway-clf': apiGatewayClf,
  cloudfront,
  'cloudfront-realtime': cloudfrontRealtime,
  cloudtrail,
  'cloudwatch-logs': cloudwatchLogs,
  'cloudwatch-export': cloudwatchExport,
  'vpc-flow': vpcFlow,
  'global-accelerator': globalAccelerator,
  'vpc-lattice': vpcLattice,
  's3-access': s3Access,
  waf,
  'route53-resolver': route53Resolver,
  'route53-query': route53Query,
  'network-firewall': networkFirewall,
  guardduty,
  'security-lake': securityLake,
  'api-gateway': apiGateway,
  'kubernetes-audit': kubernetesAudit,
  journald,
  docker,
  cri,
  nginx,
  syslog,
  w3c,
  logfmt,
  csv,
  tsv,
  text,
}

export type FormatName = keyof typeof all

/** Every format there is. Adding one is a file in `formats/` and a line above. */
export const formats: Readonly<Record<FormatName, Format>> = all
export const formatNames = Object.keys(all) as [FormatName, ...FormatName[]]
