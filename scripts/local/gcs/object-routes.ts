import type { DatabaseSync } from 'node:sqlite'
import { type Attributes, attributesPatchSchema, attributesSchema, patched, replaced } from './attributes.ts'
import type { Buckets } from './buckets.ts'
import type { Contents } from './contents.ts'
import { download } from './download.ts'
import { type GcsRequest, json, noContent, type Reply, readJson } from './http.ts'
import { listObjects } from './listing.ts'
import type { Objects } from './objects.ts'
import { int64, preconditionsOf, requireForRead, requireForWrite } from './preconditions.ts'
import { path, type Route } from './route.ts'
import { etagOf, objectResource, type StoredObject } from './stored-object.ts'

interface Dependencies {
  readonly database: DatabaseSync
  readonly buckets: Buckets
  readonly objects: Objects
  readonly contents: Contents
  readonly origin: string
}

export function objectRoutes(dependencies: Dependencies): Route[] {
  const { objects, contents, origin } = dependencies
  const resource = (object: StoredObject) => json(objectResource(object, origin), { etag: etagOf(object) })
  const objectPath = path('/b/:bucket/o/:object')
  const change = (request: GcsRequest, how: (before: Attributes) => Attributes) =>
    resource(objects.change(targetOf(request), int64(request.query, 'generation'), how))
  return [
    {
      method: 'GET',
      path: path('/b/:bucket/o/:object', '(?:/download)?(?:/storage/v1)?'),
      when: (query) => query.get('alt') === 'media',
      call: 'objects.getMedia',
      handle: (request) => {
        const object = readable(objects, request)
        return download(object, contents.objectFile(object.generation), request.incoming.headers)
      },
    },
    {
      method: 'GET',
      path: objectPath,
      call: 'objects.get',
      handle: (request) => resource(readable(objects, request)),
    },
    {
      method: 'GET',
      path: path('/b/:bucket/o'),
      call: 'objects.list',
      handle: (request) => listing(dependencies, request),
    },
    {
      method: 'PATCH',
      path: objectPath,
      call: 'objects.patch',
      handle: async (request) => {
        const patch = await readJson(request.incoming, attributesPatchSchema)
        return change(request, (before) => patched(before, patch))
      },
    },
    {
      method: 'PUT',
      path: objectPath,
      call: 'objects.update',
      handle: async (request) => {
        const after = await readJson(request.incoming, attributesSchema)
        return change(request, (before) => replaced(before, after))
      },
    },
    {
      method: 'DELETE',
      path: objectPath,
      call: 'objects.delete',
      handle: (request) => {
        objects.delete(targetOf(request), int64(request.query, 'generation'))
        return noContent
      },
    },
    {
      method: 'POST',
      path: path('/b/:bucket/o/:object/rewriteTo/b/:toBucket/o/:toObject'),
      call: 'objects.rewrite',
      handle: async (request) => {
        const copy = await copied(objects, request)
        const size = String(copy.size)
        const progress = { totalBytesRewritten: size, objectSize: size, done: true }
        return json({ kind: 'storage#rewriteResponse', ...progress, resource: objectResource(copy, origin) })
      },
    },
    {
      method: 'POST',
      path: path('/b/:bucket/o/:object/copyTo/b/:toBucket/o/:toObject'),
      call: 'objects.copy',
      handle: async (request) => resource(await copied(objects, request)),
    },
  ]
}

function targetOf({ path: { bucket, object }, query }: GcsRequest) {
  return { bucket, name: object, conditions: preconditionsOf(query) }
}

function readable(objects: Objects, { path: { bucket, object: name }, query }: GcsRequest): StoredObject {
  const object = objects.get(bucket, name, int64(query, 'generation'))
  requireForRead(preconditionsOf(query), object)
  return object
}

/** The source keeps its attributes in the copy unless the request names others, which then replace them all. */
async function copied(objects: Objects, request: GcsRequest): Promise<StoredObject> {
  const { incoming, query, path, destination } = request
  const named = await readJson(incoming, attributesSchema)
  const source = objects.get(path.bucket, path.object, int64(query, 'sourceGeneration'))
  requireForWrite(preconditionsOf(query, 'Source'), source)
  const target = { bucket: destination.bucket, name: destination.object, conditions: preconditionsOf(query) }
  return objects.copy(source, target, Object.keys(named).length > 0 ? named : source.attributes)
}

function listing(
  { database, buckets, origin }: Dependencies,
  { path: { bucket }, query }: GcsRequest,
): Reply {
  buckets.get(bucket)
  const { items, prefixes, nextPageToken } = listObjects(database, bucket, query)
  return json({
    kind: 'storage#objects',
    ...(nextPageToken ? { nextPageToken } : {}),
    ...(prefixes.length > 0 ? { prefixes } : {}),
    ...(items.length > 0 ? { items: items.map((object) => objectResource(object, origin)) } : {}),
  })
}
