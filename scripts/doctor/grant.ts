import { fail, type Problem } from './check.ts'

/** Bindings as both Cloud Storage and Pub/Sub give them. */
export interface Bindings {
  readonly bindings?:
    | readonly { readonly role?: string | null; readonly members?: readonly string[] | null }[]
    | null
}

/** Whether a policy has a member in a role, as the stack puts it there; what the project grants is not seen. */
export function judgeGrant(
  { bindings }: Bindings,
  { member, role }: { readonly member: string; readonly role: string },
  fix: string,
): Problem[] {
  const there = bindings?.some((one) => one.role === role && one.members?.includes(member)) ?? false
  return there ? [] : [fail(`${member} has no ${role} on it`, fix)]
}
