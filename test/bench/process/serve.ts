/** What users run: `understudy serve` on a file, its log as JSON on standard output. */
import { main } from "@understudy/cli/Process"
import type { Listening } from "../Protocol.ts"
import * as File from "./File.ts"
import * as Program from "./Program.ts"
import * as Worker from "./Worker.ts"

const file = File.write(Worker.input<Listening>().origin)
const port = await Program.freePort()
main(["serve", "--config", file, "--port", String(port), "--log", "json"])
await Program.listens(port)

Worker.serve({ origin: `http://127.0.0.1:${port}` })
