import type { SourceObject } from '../model/object.ts'
import { whatIsNoLog } from './passed-over.ts'

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
  /** The source takes it by its key, which says that it is no log. */
  | { readonly kind: 'passed_over'; readonly source: Source; readonly what: string }
  /** No source reads that place. */
  | { readonly kind: 'none' }

/**
 * The source whose bucket, prefix and suffix take this object. At most one does: the configuration is checked for it.
 * Without one, the source that leaves it out by its suffix; of several, the one with the longest prefix.
 *
 * What services write beside logs is passed over, unless the source's prefix is its whole key.
 */
export function route<Source extends Place>(
  bridge: { readonly sources: readonly Source[] },
  object: Pick<SourceObject, 'bucket' | 'key'>,
): Route<Source> {
  const near = bridge.sources
    .filter(({ bucket, prefix }) => bucket === object.bucket && object.key.startsWith(prefix))
    .sort((one, other) => other.prefix.length - one.prefix.length)
  const source = near.find(({ suffix }) => object.key.endsWith(suffix))
  if (source) {
    const what = source.prefix === object.key ? undefined : whatIsNoLog(object.key)
    return what === undefined ? { kind: 'source', source } : { kind: 'passed_over', source, what }
  }
  return near[0] ? { kind: 'excluded', source: near[0] } : { kind: 'none' }
}
