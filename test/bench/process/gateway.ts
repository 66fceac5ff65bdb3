/** The gateway as `start` sets it up: access log on, one line of text a request, written to standard output. */
import * as Gateway from "@understudy/gateway/Gateway"
import * as Configuration from "../Configuration.ts"
import type { Listening } from "../Protocol.ts"
import * as Worker from "./Worker.ts"

const { origin } = Worker.input<Listening>()
const gateway = await Gateway.start({ port: 0, config: Configuration.make(origin) })

Worker.serve({ origin: gateway.url })
