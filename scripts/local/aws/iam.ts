import { element, need, QueryError, queryReply } from './query.ts'

/** A role as it was asked for, and its inline policies by name. */
interface Role {
  readonly form: URLSearchParams
  readonly policies: Map<string, string>
}

export interface IamOptions {
  readonly account: string
  /** What `keep` was given last. */
  readonly kept?: string | undefined
  /** Called with the whole state before a change is answered. */
  readonly keep?: (state: string) => void
}

/** IAM: roles and their inline policies. */
export class IamCalls {
  readonly #roles: Map<string, Role>
  readonly #account: string
  readonly #keep: IamOptions['keep']

  constructor({ account, kept, keep }: IamOptions) {
    this.#account = account
    this.#keep = keep
    const roles: [string, string, [string, string][]][] = JSON.parse(kept ?? '[]')
    this.#roles = new Map(
      roles.map(([name, form, policies]) => [
        name,
        { form: new URLSearchParams(form), policies: new Map(policies) },
      ]),
    )
  }

  inventory(): string[] {
    return [...this.#roles].flatMap(([name, { policies }]) => [
      `role ${name}`,
      ...[...policies.keys()].map((policy) => `policy ${name}/${policy}`),
    ])
  }

  /** @throws QueryError */
  answer(form: URLSearchParams): string {
    const action = need(form, 'Action')
    const result = this.#result(action, form)
    if (!/^(Get|List)/.test(action)) this.#keep?.(this.#state())
    return queryReply(action, result)
  }

  #result(action: string, form: URLSearchParams): string {
    const name = need(form, 'RoleName')
    switch (action) {
      case 'CreateRole':
        if (this.#roles.has(name)) throw new QueryError(409, 'EntityAlreadyExists', name)
        JSON.parse(need(form, 'AssumeRolePolicyDocument'))
        this.#roles.set(name, { form, policies: new Map() })
        return describe(name, form, this.#account)
      case 'GetRole':
        return describe(name, this.#role(name).form, this.#account)
      case 'UpdateAssumeRolePolicy':
        JSON.parse(need(form, 'PolicyDocument'))
        this.#role(name).form.set('AssumeRolePolicyDocument', need(form, 'PolicyDocument'))
        return ''
      case 'DeleteRole':
        if (this.#role(name).policies.size > 0) throw new QueryError(409, 'DeleteConflict', name)
        this.#roles.delete(name)
        return ''
      case 'PutRolePolicy':
        this.#role(name).policies.set(need(form, 'PolicyName'), need(form, 'PolicyDocument'))
        return ''
      case 'GetRolePolicy':
        return this.#policy(name, need(form, 'PolicyName'))
      case 'DeleteRolePolicy':
        this.#role(name).policies.delete(need(form, 'PolicyName'))
        return ''
      case 'ListRolePolicies': {
        const names = [...this.#role(name).policies.keys()].map((policy) => element('member', policy))
        return `<PolicyNames>${names.join('')}</PolicyNames>${element('IsTruncated', 'false')}`
      }
      case 'ListAttachedRolePolicies':
        return `<AttachedPolicies/>${element('IsTruncated', 'false')}`
      case 'ListInstanceProfilesForRole':
        return `<InstanceProfiles/>${element('IsTruncated', 'false')}`
      default:
        throw new QueryError(400, 'InvalidAction', action)
    }
  }

  #state(): string {
    const roles = [...this.#roles].map(([name, { form, policies }]) => [name, String(form), [...policies]])
    return JSON.stringify(roles)
  }

  #role(name: string): Role {
    const role = this.#roles.get(name)
    if (!role) throw new QueryError(404, 'NoSuchEntity', `role ${name}`)
    return role
  }

  #policy(role: string, name: string): string {
    const document = this.#role(role).policies.get(name)
    if (document === undefined) throw new QueryError(404, 'NoSuchEntity', `policy ${name}`)
    return (
      element('RoleName', role) +
      element('PolicyName', name) +
      element('PolicyDocument', encodeURIComponent(document))
    )
  }
}

function describe(name: string, form: URLSearchParams, account: string): string {
  const document = encodeURIComponent(need(form, 'AssumeRolePolicyDocument'))
  return `<Role>${[
    element('Path', form.get('Path') ?? '/'),
    element('RoleName', name),
    element('RoleId', 'AROAEXAMPLE'),
    element('Arn', `arn:aws:iam::${account}:role/${name}`),
    element('CreateDate', '2026-01-01T00:00:00Z'),
    element('AssumeRolePolicyDocument', document),
    element('Description', form.get('Description') ?? ''),
    element('MaxSessionDuration', form.get('MaxSessionDuration') ?? '3600'),
    tags(form),
  ].join('')}</Role>`
}

function tags(form: URLSearchParams): string {
  const keys = [...form.keys()].filter((key) => /^Tags\.member\.\d+\.Key$/.test(key))
  const each = keys.map(
    (key) =>
      `<member>${element('Key', form.get(key) ?? '')}${element('Value', form.get(key.replace(/Key$/, 'Value')) ?? '')}</member>`,
  )
  return `<Tags>${each.join('')}</Tags>`
}
