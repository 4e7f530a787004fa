/**
 * The same text in memory of its own. Part of a text keeps the whole alive: an app's name cut from a line of megabytes
 * would hold the line for as long as the name is remembered. Any text comes back as it was, well-formed or not.
 */
export function ownText(text: string): string {
  return Buffer.from(text, 'utf16le').toString('utf16le')
}
