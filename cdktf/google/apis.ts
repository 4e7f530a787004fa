import { DataGoogleProjectService } from '@cdktf/provider-google/lib/data-google-project-service/index.js'
import { ProjectService } from '@cdktf/provider-google/lib/project-service/index.js'
import type { Construct } from 'constructs'
import type { Bridge } from '../../functions/config/schema.ts'
import { lineageApi, lineageOff } from './lineage.ts'

/** The APIs the bridge uses. Data Lineage is none of them: it bills by itself. */
const services = [
  'artifactregistry',
  'bigquery',
  'bigquerystorage',
  'cloudbuild',
  'cloudfunctions',
  'cloudresourcemanager',
  'iam',
  'logging',
  'monitoring',
  'pubsub',
  'run',
  'secretmanager',
  'serviceusage',
  'storage',
  'storagetransfer',
] as const

/** Enables them. They stay enabled when the stack is destroyed: others may use them. */
export function enableApis(scope: Construct, { google: { project } }: Bridge): ProjectService[] {
  return services.map(
    (service) =>
      new ProjectService(scope, `${service}-api`, {
        project,
        service: `${service}.googleapis.com`,
        disableOnDestroy: false,
      }),
  )
}

/** The API a data source waits for. If it waited for all, a new API would delay its answer and replace what it names. */
export function apiOf(apis: readonly ProjectService[], service: (typeof services)[number]): ProjectService[] {
  return apis.filter(({ node }) => node.id === `${service}-api`)
}

/** A Terraform expression that says whether Data Lineage is enabled in the project. */
export function lineageState(scope: Construct, { google: { project } }: Bridge): string {
  const lineage = new DataGoogleProjectService(scope, 'lineage-api', {
    project,
    service: lineageApi,
  })
  const on = `ON, and billed for what runs here: ${lineageOff(project)}`
  return `\${try(${lineage.fqn}.id, null) == null ? "off" : "${on}"}`
}
