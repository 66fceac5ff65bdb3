/** A real server, Valkey or Redis, on a free port of this machine; started and stopped as a test wants. */
import { type ChildProcess, spawn, spawnSync } from "node:child_process"
import { once } from "node:events"
import { connect, createServer } from "node:net"
import { setTimeout as pause } from "node:timers/promises"

/** The binary that is there; undefined where there is none. */
export const binary: string | undefined = ["valkey-server", "redis-server"].find(
  (name) => spawnSync(name, ["--version"]).status === 0
)

/** Why tests are left out; nothing where they run. On CI the binary has to be there. */
export const missing: string | false =
  binary === undefined && process.env["CI"] === undefined && "neither valkey-server nor redis-server is installed"

const freePort = async (): Promise<number> => {
  const probe = createServer().listen(0, "127.0.0.1")
  await once(probe, "listening")
  const address = probe.address()
  probe.close()
  await once(probe, "close")
  return typeof address === "object" && address !== null ? address.port : 0
}

const answers = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1", () => socket.write("PING\r\n"))
    socket.once("data", () => {
      socket.destroy()
      resolve(true)
    })
    socket.once("error", () => resolve(false))
  })

/** A server that keeps nothing on disk: started anew it is empty. */
export class Server {
  readonly port: number
  #child: ChildProcess | undefined

  private constructor(port: number) {
    this.port = port
  }

  static async start(): Promise<Server> {
    const server = new Server(await freePort())
    await server.start()
    return server
  }

  get url(): string {
    return `redis://127.0.0.1:${this.port}`
  }

  async start(): Promise<void> {
    if (binary === undefined) throw new Error("neither valkey-server nor redis-server is installed")
    const args = ["--port", String(this.port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"]
    this.#child = spawn(binary, args, { stdio: "ignore" })
    while (!(await answers(this.port))) await pause(20)
  }

  /** Kills it. */
  async stop(): Promise<void> {
    const child = this.#child
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return
    child.kill("SIGKILL")
    await once(child, "exit")
  }

  /** Stops it in its tracks, as a machine that hangs, or lets it go on. */
  freeze(frozen: boolean): void {
    this.#child?.kill(frozen ? "SIGSTOP" : "SIGCONT")
  }
}
