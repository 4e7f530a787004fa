import { execFile } from 'node:child_process'
import { mkdir, rm } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { messageOf } from '../../functions/model/failure.ts'

const run = promisify(execFile)
const root = fileURLToPath(new URL('../..', import.meta.url))

/**
 * The functions of an earlier commit, in a directory inside the project: what they import is found from there. Or why
 * there are none: the history may be cut short, or not be there at all.
 */
export async function archivedRevision(commit: string): Promise<{ directory: string } | { missing: string }> {
  const directory = `${root}.causeway/revision-${commit}`
  const archive = `${directory}.tar`
  try {
    await rm(directory, { recursive: true, force: true })
    await mkdir(directory, { recursive: true })
    await run('git', ['archive', `--output=${archive}`, commit, 'functions', 'bridge.config.ts'], {
      cwd: root,
    })
    await run('tar', ['-x', '-f', archive, '-C', directory])
    await rm(archive)
    return { directory }
  } catch (error) {
    return { missing: `commit ${commit} cannot be had: ${messageOf(error)}` }
  }
}
