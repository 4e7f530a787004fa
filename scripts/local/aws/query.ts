/** AWS's query protocol: a form in, XML out. https://docs.aws.amazon.com/IAM/latest/APIReference/CommonParameters.html */

/** A refusal in the service's own words. */
export class QueryError extends Error {
  readonly status: number
  readonly code: string

  constructor(status: number, code: string, message: string) {
    super(message)
    this.name = 'QueryError'
    this.status = status
    this.code = code
  }
}

export function queryError({ code, message }: QueryError): string {
  return `<ErrorResponse><Error><Type>Sender</Type>${element('Code', code)}${element('Message', message)}</Error><RequestId>1</RequestId></ErrorResponse>`
}

export function queryReply(action: string, result: string): string {
  return `<${action}Response><${action}Result>${result}</${action}Result><ResponseMetadata><RequestId>1</RequestId></ResponseMetadata></${action}Response>`
}

export function element(name: string, text: string): string {
  return `<${name}>${text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')}</${name}>`
}

/** The parameter, which must be there. */
export function need(form: URLSearchParams, name: string): string {
  const value = form.get(name)
  if (value === null) throw new QueryError(400, 'MissingParameter', name)
  return value
}

/** `Name.member.1...` as a list. */
export function members(form: URLSearchParams, name: string): string[] {
  return [...form]
    .filter(([key]) => new RegExp(`^${name}\\.member\\.\\d+$`).test(key))
    .map(([, value]) => value)
}
