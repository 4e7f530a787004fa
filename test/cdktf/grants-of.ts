import { predefinedRoles } from '../../scripts/local/permissions/roles.ts'
import { type Attributes, all, type Stack } from './synthesised.ts'

/** One binding of a synthesised Google stack. */
export interface StackGrant {
  /** An account of the stack by its name, or one of Google's agents (`transfer-agent`). */
  readonly who: string
  /** The resource, as in `scripts/local/permissions/access.ts`. */
  readonly on: string
  readonly permissions: readonly string[]
}

/** The attribute that names what a binding is on, and how that is written here. */
const targets: Readonly<Record<string, readonly [attribute: string, kind: string]>> = {
  google_storage_bucket_iam_member: ['bucket', 'buckets'],
  google_storage_bucket_iam_binding: ['bucket', 'buckets'],
  google_bigquery_dataset_access: ['dataset_id', 'datasets'],
  google_pubsub_topic_iam_member: ['topic', 'topics'],
  google_pubsub_subscription_iam_member: ['subscription', 'subscriptions'],
  google_cloud_run_v2_service_iam_member: ['name', 'services'],
  google_service_account_iam_member: ['service_account_id', 'accounts'],
  google_artifact_registry_repository_iam_member: ['repository', 'repositories'],
  google_secret_manager_secret_iam_member: ['secret_id', 'secrets'],
}

/**
 * Every binding of the stack, but for those of owners of the project.
 * @throws Error for a kind, a member or a role that is not known here.
 */
export function grantsOf(stack: Stack): StackGrant[] {
  const types = Object.keys(stack.resource).filter((type) =>
    /_(iam_(?!custom_role)|dataset_access)/.test(type),
  )
  return types.flatMap((type) =>
    Object.values(all(stack, type)).flatMap((binding) => {
      const members = membersOf(binding).filter((member) => !member.startsWith('projectOwner:'))
      return members.map((member) => ({
        who: whoOf(stack, member),
        on: targetOf(stack, type, binding),
        permissions: permissionsOf(stack, String(binding['role'])),
      }))
    }),
  )
}

function membersOf({ member, members, user_by_email }: Attributes): string[] {
  return [member ?? members ?? user_by_email].flat().map(String)
}

function whoOf(stack: Stack, member: string): string {
  const id = /google_service_account\.([\w-]+)\.(?:member|email)/.exec(member)?.[1] ?? ''
  const own = stack.resource['google_service_account']?.[id]?.['account_id']
  const agent = /data\.google_storage(?:_transfer)?_project_service_account\.([\w-]+)/.exec(member)?.[1]
  const found =
    typeof own === 'string' ? own : (agent ?? (member.includes('@gcp-sa-pubsub.') && 'pubsub-agent'))
  if (!found) throw new Error(`who is ${member}?`)
  return found
}

function targetOf(stack: Stack, type: string, binding: Attributes): string {
  if (type === 'google_project_iam_member') return 'project'
  const [attribute, kind] = targets[type] ?? []
  if (!attribute) throw new Error(`what is a ${type} on?`)
  return `${kind}/${resolved(stack, String(binding[attribute]))}`
}

/** The value that a reference to another resource stands for, where the stack says it. */
function resolved(stack: Stack, value: string): string {
  const [, type = '', id = '', attribute = ''] = /^\$\{(\w+)\.([\w-]+)\.(\w+)\}$/.exec(value) ?? []
  const attributes = stack.resource[type]?.[id]
  const names = [attribute, 'account_id', 'repository_id'].map((name) => attributes?.[name])
  return String(names.find((name) => name !== undefined) ?? value)
}

function permissionsOf(stack: Stack, role: string): readonly string[] {
  const id = /google_project_iam_custom_role\.([\w-]+)/.exec(role)?.[1] ?? ''
  const custom = stack.resource['google_project_iam_custom_role']?.[id]?.['permissions']
  const permissions = Array.isArray(custom) ? custom.map(String) : predefinedRoles[role]
  if (!permissions) throw new Error(`what ${role} permits is not known`)
  return permissions
}
