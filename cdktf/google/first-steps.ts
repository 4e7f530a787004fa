import type { Bridge } from '../../functions/config/schema.ts'

/**
 * What a new project needs before Terraform can work in it, as commands. Terraform asks about the project, and enables
 * APIs, through two of them. Pub/Sub's agent is given permissions, and is made some time after Pub/Sub is first used
 * unless it is asked for; the provider has nothing to ask with (google_project_service_identity is in google-beta
 * alone). The agents of Cloud Storage and Storage Transfer are made when the stack asks who they are.
 * https://cloud.google.com/iam/docs/create-service-agents [2026-11]
 */
export function firstSteps({ google: { project } }: Pick<Bridge, 'google'>): string[] {
  const apis = ['cloudresourcemanager', 'serviceusage', 'pubsub'].map((api) => `${api}.googleapis.com`)
  return [
    `gcloud services enable ${apis.join(' ')} --project=${project}`,
    `gcloud beta services identity create --service=pubsub.googleapis.com --project=${project}`,
  ]
}
