/** What users run: `understudy serve` on a file, its log as JSON on standard output. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { connect, createServer } from "node:net"
import { tmpdir } from "node:os"
import * as path from "node:path"
import { main } from "@understudy/cli/Process"
import * as Configuration from "../Configuration.ts"
import type { Listening } from "../Protocol.ts"
import { listen } from "./Listen.ts"
import * as Worker from "./Worker.ts"

/** A port that was free a moment ago. */
const freePort = async (): Promise<number> => {
  const server = createServer()
  const { origin } = await listen(server)
  await new Promise((resolve) => server.close(resolve))
  return Number(new URL(origin).port)
}

const answers = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1")
    socket.on("connect", () => resolve(true))
    socket.on("error", () => resolve(false))
    socket.on("close", () => resolve(false))
    socket.on("connect", () => socket.destroy())
  })

const folder = mkdtempSync(path.join(tmpdir(), "understudy-serve-"))
process.on("exit", () => rmSync(folder, { recursive: true, force: true }))
const file = path.join(folder, "understudy.json")
// JSON is YAML.
writeFileSync(file, JSON.stringify(Configuration.make(Worker.input<Listening>().origin)))
const port = await freePort()
main(["serve", "--config", file, "--port", String(port), "--log", "json"])
while (!(await answers(port))) await new Promise((resolve) => setTimeout(resolve, 20))

Worker.serve({ origin: `http://127.0.0.1:${port}` })
