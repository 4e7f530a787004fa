/** The API that records where tables' data came from. The bridge does not use it, and it bills by itself. */
export const lineageApi = 'datalineage.googleapis.com'

/** Switches it off. */
export function lineageOff(project: string): string {
  return `gcloud services disable ${lineageApi} --project ${project}`
}
