/**
 * Where an S3 object lands, whichever engine copies it: `s3/<bucket>/<key>` or, in a lane of `google.lanes`,
 * `s3/lane=<lane>/<bucket>/<key>`. The lane decides who is notified of the copy. It is not part of the object's identity.
 */

/** The lane of a source that names none. */
export const liveLane = 'live'

/** What every landing name begins with. */
export const landingPrefix = 's3/'

/** What landing names begin with in every lane but `live`. No bucket's name has a `=`. */
export const lanesPrefix = `${landingPrefix}lane=`

/** The part of a landing name that names a lane, as a regular expression of JavaScript and of RE2; `live` has none. */
export const lanePart = '(?:lane=[^/]+/)?'

/** What landing names of a lane begin with. */
export function landingPath(lane: string): string {
  return lane === liveLane ? landingPrefix : `${lanesPrefix}${lane}/`
}

export function landingName(bucket: string, key: string, lane = liveLane): string {
  return `${landingPath(lane)}${bucket}/${key}`
}

const parts = new RegExp(`^${landingPrefix}${lanePart}([^/=]+)/(.*)$`, 's')

/** The S3 bucket and key a landing object is a copy of, in any lane, or undefined where no engine puts objects. */
export function parseLandingName(name: string): { bucket: string; key: string } | undefined {
  const [, bucket, key] = parts.exec(name) ?? []
  return bucket === undefined || key === undefined ? undefined : { bucket, key }
}
