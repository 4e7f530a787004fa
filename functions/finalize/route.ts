import type { SourceObject } from '../model/object.ts'

/** What decides which objects a source takes. */
interface Place {
  readonly bucket: string
  readonly prefix: string
  readonly suffix: string
}

/** Where an object belongs. */
export type Route<Source> =
  | { readonly kind: 'source'; readonly source: Source }
  /** The source reads that place, but its suffix leaves this object out, on purpose. */
  | { readonly kind: 'excluded'; readonly source: Source }
  /** No source reads that place. */
  | { readonly kind: 'none' }

/**
 * The source whose bucket, prefix and suffix take this object. At most one does: the configuration is checked for it.
 * Without one, the source that leaves it out by its suffix; of several, the one with the longest prefix.
 */
export function route<Source extends Place>(
  bridge: { readonly sources: readonly Source[] },
  object: Pick<SourceObject, 'bucket' | 'key'>,
): Route<Source> {
  const near = bridge.sources
    .filter(({ bucket, prefix }) => bucket === object.bucket && object.key.startsWith(prefix))
    .sort((one, other) => other.prefix.length - one.prefix.length)
  const source = near.find(({ suffix }) => object.key.endsWith(suffix))
  if (source) return { kind: 'source', source }
  return near[0] ? { kind: 'excluded', source: near[0] } : { kind: 'none' }
}
