/** What users with several cores run: `understudy serve --workers N`, its log as JSON. */
import * as path from "node:path"
import type { Listening } from "../Protocol.ts"
import * as File from "./File.ts"
import * as Program from "./Program.ts"
import * as Worker from "./Worker.ts"

const { origin, workers } = Worker.input<Listening & { readonly workers: number }>()
const port = await Program.freePort()
const main = path.resolve(import.meta.dirname, "../../../packages/cli/src/main.ts")
const args = ["serve", "--config", File.write(origin), "--port", `${port}`, "--log", "json", "--workers", `${workers}`]
const { usage } = Program.start(["--conditions=source", main, ...args])
await Program.listens(port)

Worker.serve({ origin: `http://127.0.0.1:${port}` }, { usage })
