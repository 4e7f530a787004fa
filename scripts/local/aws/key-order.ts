import type { BuildAppOptions } from 'fauxqs'

type S3Store = NonNullable<BuildAppOptions['stores']>['s3Store']
type Objects = S3Store['buckets']
type Options = NonNullable<Parameters<S3Store['listObjects']>[1]>
type Listing = ReturnType<S3Store['listObjects']>

/**
 * One page of a listing in the order of the keys' bytes, as S3 lists.
 *
 * fauxqs 2.4.1 sorts by locale but resumes a page by code unit, so a listing of more than one page leaves
 * keys out. The order here is by code unit, which is that of the bytes but for keys beyond U+FFFF.
 */
export function listInKeyOrder(buckets: Objects, bucket: string, options: Options = {}): Listing {
  const { prefix = '', delimiter, maxKeys = 1000, startAfter, marker } = options
  const after = startAfter || marker || ''
  const keys = [...(buckets.get(bucket)?.keys() ?? [])].filter((key) => key.startsWith(prefix)).sort()
  const objects: Listing['objects'] = []
  const commonPrefixes = new Set<string>()
  for (const key of keys) {
    const end = delimiter ? key.indexOf(delimiter, prefix.length) : -1
    const name = delimiter && end >= 0 ? key.slice(0, end + delimiter.length) : key
    if (name <= after || commonPrefixes.has(name)) continue
    if (objects.length + commonPrefixes.size >= maxKeys) {
      return { objects, commonPrefixes: [...commonPrefixes], isTruncated: true }
    }
    const object = buckets.get(bucket)?.get(key)
    if (name !== key) commonPrefixes.add(name)
    else if (object) objects.push(object)
  }
  return { objects, commonPrefixes: [...commonPrefixes], isTruncated: false }
}
