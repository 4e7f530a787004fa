interface Binding {
  readonly role: string
  readonly members: string[]
}

/** The part of both clients' policies that is needed here. */
interface Resource {
  readonly iam: {
    getPolicy(): Promise<readonly [{ bindings?: readonly object[] | null }, ...unknown[]]>
    setPolicy(policy: { bindings: Binding[] }): Promise<unknown>
  }
}

/** Gives roles on something nobody has any on: an earlier process may have been killed before it did. */
export async function grant({ iam }: Resource, bindings: Binding[]): Promise<void> {
  const [policy] = await iam.getPolicy()
  if (!policy.bindings || policy.bindings.length === 0) await iam.setPolicy({ bindings })
}
