import type { Bridge } from '../functions/config/schema.ts'

/** On everything that can carry them: labels in Google Cloud, tags in AWS. */
export function labelsOf({ name, labels }: Pick<Bridge, 'name' | 'labels'>): Record<string, string> {
  return { app: 'causeway', bridge: name, ...labels }
}
