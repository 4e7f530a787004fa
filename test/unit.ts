/** What holds for unit tests only: no processes, no ports, and 50 ms a property. */
import childProcess from 'node:child_process'
import { syncBuiltinESMExports } from 'node:module'
import { Server } from 'node:net'
import fc from 'fast-check'

function refuse(): never {
  throw new Error(
    'a unit test starts no process and opens no port: name its file or folder in vitest.unit.config.ts',
  )
}

Object.assign(childProcess.ChildProcess.prototype, { spawn: refuse })
Object.assign(childProcess, { spawnSync: refuse, execSync: refuse, execFileSync: refuse })
syncBuiltinESMExports()
Server.prototype.listen = refuse

fc.configureGlobal({ interruptAfterTimeLimit: 50, markInterruptAsFailure: false })
