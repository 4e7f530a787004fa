import type { ResumableUploads } from './resumable-uploads.ts'
import { path, type Route } from './route.ts'
import type { Uploads } from './uploads.ts'

/** objects.insert, whose bytes go to an address of their own however the client is pointed here. */
export function uploadRoutes(uploads: Uploads, resumable: ResumableUploads): Route[] {
  const uploadPath = path('/b/:bucket/o', '/upload/storage/v1')
  return [
    {
      method: 'POST',
      path: uploadPath,
      when: (query) => query.get('uploadType') === 'resumable',
      call: 'objects.insert',
      handle: (request) => resumable.start(request),
    },
    {
      method: 'POST',
      path: uploadPath,
      call: 'objects.insert',
      handle: (request) => uploads.insert(request),
    },
    {
      method: 'PUT',
      path: uploadPath,
      call: 'objects.insert',
      counted: false,
      handle: (request) => resumable.resume(request),
    },
    {
      method: 'DELETE',
      path: uploadPath,
      call: 'objects.insert',
      counted: false,
      handle: (request) => resumable.cancel(request),
    },
  ]
}
