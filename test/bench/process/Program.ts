/** A program of its own, which may start others: what it takes of the machine is what all of them take. */
import { spawn } from "node:child_process"
import { readFileSync } from "node:fs"
import { connect, createServer } from "node:net"
import type { Usage } from "../Protocol.ts"
import { listen } from "./Listen.ts"

/** A port that was free a moment ago. */
export const freePort = async (): Promise<number> => {
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

/** Waits until somebody listens. */
export const listens = async (port: number): Promise<void> => {
  while (!(await answers(port))) await new Promise((resolve) => setTimeout(resolve, 20))
}

const ofProcess = (pid: string, name: string): string => readFileSync(`/proc/${pid}/${name}`, "utf8")

const withChildren = (pid: string): ReadonlyArray<string> => [
  pid,
  ...ofProcess(pid, `task/${pid}/children`).trim().split(" ").filter(Boolean).flatMap(withChildren)
]

/** Linux counts a process's time in hundredths of a second, and its memory in pages of 4 kB. */
const usageOf = (pid: string): Usage => {
  const fields = ofProcess(pid, "stat")
    .replace(/^.*\) /s, "")
    .split(" ")
  const cpu = (Number(fields[11]) + Number(fields[12])) * 10_000
  return { cpu, rss: (Number(fields[21]) * 4096) / 2 ** 20 }
}

/** Starts it with Node; it ends with this process. Linux only. */
export const start = (args: ReadonlyArray<string>): { readonly usage: () => Usage } => {
  const child = spawn(process.execPath, args, { stdio: "ignore" })
  process.on("exit", () => child.kill("SIGKILL"))
  child.on("exit", (code) => process.exit(code ?? 1))
  return {
    usage: () => {
      const all = withChildren(String(child.pid)).map(usageOf)
      return { cpu: all.reduce((sum, { cpu }) => sum + cpu, 0), rss: all.reduce((sum, { rss }) => sum + rss, 0) }
    }
  }
}
