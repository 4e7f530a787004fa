/** The last part of `projects/<project>/topics/<name>`. */
export function shortName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1)
}
