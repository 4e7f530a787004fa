/** What one place says of an object of S3. Times are epoch milliseconds. */
export type Evidence =
  /** S3 has it: by a listing, or by an inventory that was made earlier. */
  | {
      readonly of: 's3'
      readonly etag: string
      readonly bytes: number
      readonly uploadedAt: number
      readonly storageClass?: string
    }
  /** The landing bucket has a copy. */
  | {
      readonly of: 'copy'
      readonly etag: string
      readonly name: string
      readonly uploadedAt: number
      readonly bytes: number
    }
  /** The bridge wrote down what became of it. */
  | {
      readonly of: 'record'
      readonly etag: string
      readonly outcome: string
      readonly reason: string
      readonly rows: number
      readonly rejects: number
    }
  /** Tables have rows of it, or `rejects` has lines. */
  | { readonly of: 'rows' | 'rejects'; readonly etag: string; readonly count: number }
  /** The transfer service tried to copy it. It does not say which version. */
  | { readonly of: 'transfer'; readonly outcome: 'copied' | 'failed' | 'gone'; readonly at: number }

/** The object that a piece of evidence is about. */
export interface About {
  readonly bucket: string
  readonly key: string
}

export type Found = About & { readonly evidence: Evidence }
