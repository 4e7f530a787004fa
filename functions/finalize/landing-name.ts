/** Where an S3 object lands: `s3/<bucket>/<key>`, whichever engine copies it. */
export const landingPrefix = 's3/'

export function landingName(bucket: string, key: string): string {
  return `${landingPrefix}${bucket}/${key}`
}

/** The S3 bucket and key a landing object is a copy of, or undefined where no engine puts objects. */
export function parseLandingName(name: string): { bucket: string; key: string } | undefined {
  if (!name.startsWith(landingPrefix)) return undefined
  const slash = name.indexOf('/', landingPrefix.length)
  if (slash < 0) return undefined
  return { bucket: name.slice(landingPrefix.length, slash), key: name.slice(slash + 1) }
}
