/** A process of one contestant: for every scenario that it is told it sends back how the contestant did. */
import { compete } from "./contestants.ts"
import type { SetUp } from "./table.ts"

const [, , contestant = ""] = process.argv

process.on("message", async ([scenario, setUp]: [string, SetUp]) =>
  process.send?.(await compete(contestant, scenario, setUp))
)

// Whoever asked is dead.
process.on("disconnect", () => process.exit())

// Ctrl-C reaches everybody at the terminal; who ends whom is the parent's business.
process.on("SIGINT", () => undefined)
