import { type LogTemplate, templateFaults } from '../text/log-template.ts'
import { apacheTemplate } from './apache-directives.ts'
import { nginxTemplate } from './nginx-variables.ts'

/**
 * What a web server's configuration says that a line looks like: nginx's `log_format`, or Apache's `LogFormat`.
 * @throws Error with what is wrong with it.
 */
export function logFormatTemplate(format: string): LogTemplate {
  const [fault] = logFormatFaults(format)
  const template = templateOf(format)
  if (fault !== undefined || typeof template === 'string') throw new Error(`logFormat: ${fault}`)
  return template
}

/** What is wrong with a format. */
export function logFormatFaults(format: string): string[] {
  const template = templateOf(format)
  if (typeof template === 'string') return [template]
  return /[\r\n]/.test(format) ? ['has a line end: write it in one line'] : templateFaults(template)
}

/** Only nginx has names behind a dollar sign. */
function templateOf(format: string): LogTemplate | string {
  return /\$\{?\w/.test(format) ? nginxTemplate(format) : apacheTemplate(format)
}
