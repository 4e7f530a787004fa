import { z } from 'zod'
import { lineageApi, lineageOff } from '../../cdktf/google/lineage.ts'
import type { About } from './about.ts'
import { type Check, pass, warn } from './check.ts'

const answer = z.looseObject({ state: z.string().optional() })

/** Data Lineage bills for what it records of every job, and comes enabled with other APIs. */
export function lineageCheck({ bridge, clients: { google, addresses } }: About, caller: Check): Check {
  const { project } = bridge.google
  const origin = addresses.serviceUsage ?? 'https://serviceusage.googleapis.com'
  return {
    group: 'bigquery',
    what: 'Data Lineage is off',
    make: lineageOff(project),
    after: caller,
    asks: `serviceusage.services.get in ${project}`,
    run: async () => {
      const url = `${origin}/v1/projects/${project}/services/${lineageApi}`
      const { data } = await google.request({ url, retry: false })
      // https://cloud.google.com/dataplex/docs/lineage-considerations [2026-11]
      return answer.parse(data).state === 'ENABLED'
        ? warn(
            `${lineageApi} is enabled, and billed for every query and load in the project`,
            lineageOff(project),
          )
        : pass('not enabled')
    },
  }
}
