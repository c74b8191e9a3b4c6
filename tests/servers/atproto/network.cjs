// Starts PLC, PDS and AppView on 127.0.0.1 and prints one JSON line with their addresses once all of them answer.
// Needs DB_POSTGRES_URL, DB_POSTGRES_SCHEMA (letters and _ only) and REDIS_HOST; run with `--require ./loopback.cjs`.
// Ends when its standard input closes, so that it never outlives the tests that started it.
'use strict'
const getPort = require('get-port')
const { TestNetwork, mockMailer } = require('@atproto/dev-env')

async function main() {
  const pdsPort = await getPort()
  const bskyPort = await getPort()
  const network = await TestNetwork.create({
    pds: { port: pdsPort, hostname: 'localhost', enableDidDocWithSession: true },
    bsky: { port: bskyPort, publicUrl: `http://localhost:${bskyPort}` },
  })
  mockMailer(network.pds)
  const ready = {
    pds: `http://127.0.0.1:${network.pds.port}`,
    appview: `http://127.0.0.1:${network.bsky.port}`,
    plc: `http://127.0.0.1:${network.plc.port}`,
    appview_did: network.bsky.serverDid,
  }
  process.stdout.write(`${JSON.stringify(ready)}\n`)

  const stop = () => {
    setTimeout(() => process.exit(0), 3000).unref()
    network.close().finally(() => process.exit(0))
  }
  process.on('SIGTERM', stop)
  process.on('SIGINT', stop)
  process.stdin.on('end', stop)
  process.stdin.on('close', stop)
  process.stdin.resume()
}

main().catch((error) => {
  process.stderr.write(`${error.stack || error}\n`)
  process.exit(1)
})
