/**
 * One Application Load Balancer access log entry, fields in the order of the user guide
 * (docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-access-logs.html, November 2026).
 * `-` is AWS's own way to say "none".
 */
export interface AlbFields {
  readonly type: 'http' | 'https' | 'h2' | 'wss'
  readonly time: string
  readonly elb: string
  readonly client: string
  readonly target: string
  /** Seconds with three decimals, or -1 when the request did not get that far. */
  readonly times: readonly [request: string, target: string, response: string]
  readonly elbStatus: number
  readonly targetStatus: string
  readonly receivedBytes: number
  readonly sentBytes: number
  readonly request: string
  readonly userAgent: string
  readonly sslCipher: string
  readonly sslProtocol: string
  readonly targetGroupArn: string
  readonly traceId: string
  readonly domainName: string
  readonly chosenCertArn: string
  readonly matchedRulePriority: string
  readonly requestCreationTime: string
  readonly actionsExecuted: string
  readonly redirectUrl: string
  readonly errorReason: string
  readonly classification: string
  readonly classificationReason: string
  readonly connTraceId: string
  /** The newest fields; entries of a region or time that does not have them end before. */
  readonly transform: readonly [host: string, uri: string, status: string] | undefined
}

export function albLine(fields: AlbFields): string {
  return [
    fields.type,
    fields.time,
    fields.elb,
    fields.client,
    fields.target,
    ...fields.times,
    fields.elbStatus,
    fields.targetStatus,
    fields.receivedBytes,
    fields.sentBytes,
    quoted(fields.request),
    quoted(fields.userAgent),
    fields.sslCipher,
    fields.sslProtocol,
    fields.targetGroupArn,
    quoted(fields.traceId),
    quoted(fields.domainName),
    quoted(fields.chosenCertArn),
    fields.matchedRulePriority,
    fields.requestCreationTime,
    ...[fields.actionsExecuted, fields.redirectUrl, fields.errorReason].map(quoted),
    // target:port_list and target_status_code_list repeat the target, as AWS has them since 2020.
    ...[fields.target, fields.targetStatus].map(quoted),
    ...[fields.classification, fields.classificationReason].map(quoted),
    fields.connTraceId,
    ...(fields.transform ?? []).map(quoted),
  ].join(' ')
}

/** The load balancer escapes a quote in what a client sent as `\x22`. */
function quoted(text: string): string {
  return `"${text.replaceAll('"', '\\x22')}"`
}
