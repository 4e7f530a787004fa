import { projectNumber } from '../project-number.ts'
import { type Buckets, bucketResource, newBucketSchema, policySchema } from './buckets.ts'
import { required } from './error.ts'
import { json, noContent, readJson } from './http.ts'
import { path, type Route } from './route.ts'

export function bucketRoutes(buckets: Buckets, origin: string, clock: () => Date): Route[] {
  return [
    {
      method: 'POST',
      path: path('/b'),
      call: 'buckets.insert',
      handle: async ({ incoming, query }) => {
        const bucket = await readJson(incoming, newBucketSchema)
        if (!query.get('project')) throw required('project')
        return json(bucketResource(buckets.insert(bucket, clock()), origin))
      },
    },
    {
      method: 'GET',
      path: path('/b'),
      call: 'buckets.list',
      handle: ({ query }) => {
        if (!query.get('project')) throw required('project')
        const items = buckets.list(query.get('prefix') ?? '').map((bucket) => bucketResource(bucket, origin))
        return json({ kind: 'storage#buckets', items })
      },
    },
    {
      method: 'GET',
      path: path('/b/:bucket'),
      call: 'buckets.get',
      handle: ({ path: { bucket } }) => json(bucketResource(buckets.get(bucket), origin)),
    },
    {
      method: 'GET',
      path: path('/b/:bucket/iam'),
      call: 'buckets.getIamPolicy',
      handle: ({ path: { bucket } }) => json(buckets.policy(bucket)),
    },
    {
      method: 'PUT',
      path: path('/b/:bucket/iam'),
      call: 'buckets.setIamPolicy',
      handle: async ({ incoming, path: { bucket } }) =>
        json(buckets.setPolicy(bucket, await readJson(incoming, policySchema))),
    },
    {
      method: 'GET',
      path: path('/projects/:project/serviceAccount'),
      call: 'projects.serviceAccount.get',
      handle: () =>
        json({
          kind: 'storage#serviceAccount',
          email_address: `service-${projectNumber}@gs-project-accounts.iam.gserviceaccount.com`,
        }),
    },
    {
      method: 'DELETE',
      path: path('/b/:bucket'),
      call: 'buckets.delete',
      handle: ({ path: { bucket } }) => {
        buckets.delete(bucket)
        return noContent
      },
    },
  ]
}
