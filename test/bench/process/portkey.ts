/** Portkey's gateway, from where somebody has installed it: another product under the same load. */
import * as path from "node:path"
import type { Listening } from "../Protocol.ts"
import * as Program from "./Program.ts"
import * as Worker from "./Worker.ts"

const { folder, origin } = Worker.input<Listening & { readonly folder: string }>()
const port = await Program.freePort()
const main = path.resolve(folder, "node_modules/@portkey-ai/gateway/build/start-server.js")
const { usage } = Program.start([main, `--port=${port}`, "--headless"])
await Program.listens(port)

const headers = { "x-portkey-provider": "openai", "x-portkey-custom-host": `${origin}/v1` }
Worker.serve({ origin: `http://127.0.0.1:${port}`, headers }, { usage })
