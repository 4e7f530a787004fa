import { DataGoogleStorageTransferProjectServiceAccount } from '@cdktf/provider-google/lib/data-google-storage-transfer-project-service-account/index.js'
import { ProjectService } from '@cdktf/provider-google/lib/project-service/index.js'
import type { TerraformStack } from 'cdktf'
import type { Bridge } from '../functions/config/schema.ts'
import { googleProvider } from './google/provider.ts'

/**
 * Whom the AWS roles trust: the subject id of the project's transfer service agent, from the configuration or, when
 * it does not say, from Google, which makes the agent when first asked.
 */
export function transferSubjectId(stack: TerraformStack, bridge: Bridge): string {
  const { transferSubjectId: given, project } = bridge.google
  if (given) return given
  googleProvider(stack, bridge)
  const api = new ProjectService(stack, 'storage-transfer-api', {
    project,
    service: 'storagetransfer.googleapis.com',
    disableOnDestroy: false,
  })
  return new DataGoogleStorageTransferProjectServiceAccount(stack, 'transfer-agent', {
    project,
    dependsOn: [api],
  }).subjectId
}
