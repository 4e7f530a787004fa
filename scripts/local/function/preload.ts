/**
 * Loaded before functions-framework in the local function process, which stays as it is otherwise.
 *
 * functions-framework listens on every interface and has no setting for it: here a server told only a port listens
 * on loopback. Tells the parent which port it got and, when asked, its vitals, and ends with the parent, however
 * that ends.
 */
import { Server } from 'node:net'
import { ownVitals } from './vitals.ts'

const listen = Server.prototype.listen

Server.prototype.listen = function (this: Server, ...given: unknown[]): Server {
  const [port, ...rest] = given
  const onlyPort = typeof port === 'number' || typeof port === 'string'
  this.once('listening', () => process.send?.({ listening: this.address() }))
  return Reflect.apply(listen, this, onlyPort ? [{ port: Number(port), host: '127.0.0.1' }, ...rest] : given)
}

process.on('message', (message) => {
  if (message === 'vitals') process.send?.({ vitals: ownVitals() })
})
process.once('disconnect', () => process.exit(0))
