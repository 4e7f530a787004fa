import type { Format } from './format.ts'
import { alb } from './formats/alb.ts'
import { cloudtrail } from './formats/cloudtrail.ts'
import { cloudwatchLogs } from './formats/cloudwatch-logs.ts'
import { jsonLines } from './formats/json-lines.ts'
import { networkFirewall } from './formats/network-firewall.ts'
import { route53Resolver } from './formats/route53-resolver.ts'
import { waf } from './formats/waf.ts'

const all = {
  alb,
  cloudtrail,
  'cloudwatch-logs': cloudwatchLogs,
  'json-lines': jsonLines,
  'network-firewall': networkFirewall,
  'route53-resolver': route53Resolver,
  waf,
}

export type FormatName = keyof typeof all

/** Every format there is. Adding one is a file in `formats/` and a line above. */
export const formats: Readonly<Record<FormatName, Format>> = all
export const formatNames = Object.keys(all) as [FormatName, ...FormatName[]]
