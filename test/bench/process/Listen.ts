/** Takes a free port of the loopback. */
import type { AddressInfo, Server } from "node:net"
import type { Listening } from "../Protocol.ts"

/** Listens, and tells where. */
export const listen = (server: Server): Promise<Listening> =>
  new Promise((resolve, reject) => {
    server.once("error", reject)
    server.listen(0, "127.0.0.1", () => {
      resolve({ origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}` })
    })
  })
