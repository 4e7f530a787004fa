import { styleText } from 'node:util'

/** What is known of the place text goes to. The command finds it out; nothing here reads the environment. */
export interface Terminal {
  readonly isTty: boolean
  /** The NO_COLOR variable is set (https://no-color.org). */
  readonly noColor: boolean
  /** Width in characters. Plots use it anywhere; text is cut to it on a TTY only, never on its way to a file. */
  readonly columns: number
  /** The terminal cannot show Unicode block characters. */
  readonly ascii?: boolean
}

export type Tone = 'bold' | 'dim' | 'cyan' | 'yellow' | 'green' | 'red'

/** The text in the given tone where colour is wanted, unchanged elsewhere. */
export function paint(terminal: Terminal, tone: Tone, text: string): string {
  if (!terminal.isTty || terminal.noColor || text === '') return text
  return styleText(tone, text, { validateStream: false })
}
