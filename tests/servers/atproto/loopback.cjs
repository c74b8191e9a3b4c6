// Preloaded into the test servers: every listening socket binds to 127.0.0.1, and a server that asks for any free
// port gets one from the block in SOTONG_TEST_PORTS ("14300-14349"), never one of the machine's ephemeral ports.
'use strict'
const net = require('node:net')

const [first, last] = (process.env.SOTONG_TEST_PORTS || '14300-14349').split('-').map(Number)
let next = first
const listen = net.Server.prototype.listen

function takePort() {
  if (next > last) throw new Error(`no port left in ${first}-${last}`)
  return next++
}

function asOptions(args) {
  const [head, ...rest] = args
  const callback = args.find((arg) => typeof arg === 'function')
  if (head !== null && typeof head === 'object') return [{ ...head }, callback]
  if (typeof head === 'string' && !/^\d+$/.test(head)) return [{ path: head }, callback]
  const backlog = rest.find((arg) => typeof arg === 'number')
  return [{ port: typeof head === 'function' || head === undefined ? 0 : Number(head), backlog }, callback]
}

net.Server.prototype.listen = function (...args) {
  const [options, callback] = asOptions(args)
  if (options.path === undefined && options.fd === undefined && options._handle === undefined) {
    options.host = '127.0.0.1'
    if (!options.port) options.port = takePort()
  }
  return callback ? listen.call(this, options, callback) : listen.call(this, options)
}
