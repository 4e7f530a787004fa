import { element, members, need, QueryError, queryReply } from '../../../scripts/local/aws/query.ts'

const arn = 'arn:aws:cloudwatch:us-east-1:000000000000:alarm:'

/** CloudWatch: alarms on a metric. */
export class CloudWatchCalls {
  readonly #alarms = new Map<string, URLSearchParams>()

  inventory(): string[] {
    return [...this.#alarms.keys()].map((name) => `alarm ${name}`)
  }

  /** @throws QueryError */
  answer(form: URLSearchParams): string {
    const action = need(form, 'Action')
    return queryReply(action, this.#result(action, form))
  }

  #result(action: string, form: URLSearchParams): string {
    switch (action) {
      case 'PutMetricAlarm':
        this.#alarms.set(need(form, 'AlarmName'), form)
        return ''
      case 'DescribeAlarms': {
        const found = members(form, 'AlarmNames').flatMap((name) => this.#alarms.get(name) ?? [])
        return `<MetricAlarms>${found.map(describe).join('')}</MetricAlarms><CompositeAlarms/>`
      }
      case 'DeleteAlarms':
        for (const name of members(form, 'AlarmNames')) this.#alarms.delete(name)
        return ''
      case 'ListTagsForResource':
        return `<Tags>${tags(this.#alarms.get(need(form, 'ResourceARN').slice(arn.length)))}</Tags>`
      default:
        throw new QueryError(400, 'InvalidAction', action)
    }
  }
}

const shown = [
  ...['AlarmName', 'AlarmDescription', 'ComparisonOperator', 'EvaluationPeriods', 'MetricName', 'Namespace'],
  ...['Period', 'Statistic', 'Threshold', 'TreatMissingData', 'ActionsEnabled'],
]

function describe(form: URLSearchParams): string {
  const fields = shown.flatMap((name) => (form.has(name) ? [element(name, form.get(name) ?? '')] : []))
  const dimension = ['Name', 'Value'].map((part) => element(part, need(form, `Dimensions.member.1.${part}`)))
  return `<member>${element('AlarmArn', arn + need(form, 'AlarmName'))}${fields.join('')}<Dimensions><member>${dimension.join('')}</member></Dimensions></member>`
}

function tags(form: URLSearchParams | undefined): string {
  const keys = [...(form?.keys() ?? [])].filter((key) => /^Tags\.member\.\d+\.Key$/.test(key))
  return keys
    .map((key) => {
      const value = form?.get(key.replace(/Key$/, 'Value')) ?? ''
      return `<member>${element('Key', form?.get(key) ?? '')}${element('Value', value)}</member>`
    })
    .join('')
}
