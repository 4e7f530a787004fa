import type { Bridge, Source } from '../config/schema.ts'
import type { SourceObject } from '../model/object.ts'

/** The source whose bucket, prefix and suffix take this object. At most one does: the configuration is checked for it. */
export function route(bridge: Bridge, object: SourceObject): Source | undefined {
  return bridge.sources.find(
    (source) =>
      source.bucket === object.bucket &&
      object.key.startsWith(source.prefix) &&
      object.key.endsWith(source.suffix),
  )
}
