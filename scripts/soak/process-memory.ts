import { existsSync, readdirSync, readFileSync } from 'node:fs'

/** Whether the system tells about processes under /proc. */
export const hasProc = existsSync('/proc/self/status')

/** The most memory a process ever had resident, in bytes. */
export function peakMemory(pid: number): number {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8')
  const kilobytes = /^VmHWM:\s+(\d+) kB$/m.exec(status)?.[1]
  if (kilobytes === undefined) throw new Error(`/proc/${pid}/status has no VmHWM`)
  return Number(kilobytes) * 1024
}

/** Files, sockets and pipes a process has open. */
export function openFiles(pid: number): number {
  return readdirSync(`/proc/${pid}/fd`).length
}
