/** Runs the command line as its users do: as a process. */
import { type ChildProcess, spawn } from "node:child_process"
import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import * as path from "node:path"
import { afterAll, vi } from "vitest"

// A start costs half a second of a free core, and the machine may be a busy one.
vi.setConfig({ testTimeout: 30_000, hookTimeout: 30_000 })

/** The root of the repository: where lines that are printed for pasting work. */
export const root = path.resolve(import.meta.dirname, "../..")

const entry = path.join(root, "packages/cli/src/main.ts")

/** A process that has ended. */
export interface Ended {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

/** A process that runs. */
export interface Running {
  readonly child: ChildProcess
  readonly stdout: () => string
  readonly stderr: () => string
  /** Waits until standard output matches. */
  readonly until: (pattern: RegExp) => Promise<RegExpExecArray>
  readonly ended: Promise<Ended>
  /** Presses Ctrl-C and waits for the end; says how long that took, in milliseconds. */
  readonly interrupt: () => Promise<Ended & { readonly millis: number }>
}

/** How a process is started. */
export interface Options {
  readonly env?: Readonly<Record<string, string>>
  readonly cwd?: string
  readonly input?: string
}

/** The environment of the tests: no keys, no proxy, English, no colours. */
export const environment = (env: Readonly<Record<string, string>> = {}): NodeJS.ProcessEnv => ({
  PATH: `${path.dirname(process.execPath)}:${process.env["PATH"]}`,
  HOME: process.env["HOME"],
  LANG: "en_US.UTF-8",
  NO_PROXY: "*",
  ...env
})

/** Starts any program. */
export const launch = (file: string, args: ReadonlyArray<string>, options: Options = {}): Running => {
  const { cwd = root, env, input } = options
  const child = spawn(file, args, { cwd, env: environment(env), stdio: ["pipe", "pipe", "pipe"] })
  child.stdin.end(input ?? "")
  let [stdout, stderr] = ["", ""]
  const waiting = new Set<() => void>()
  child.stdout.setEncoding("utf8").on("data", (text) => {
    stdout += text
    for (const look of waiting) look()
  })
  child.stderr.setEncoding("utf8").on("data", (text) => {
    stderr += text
  })
  const ended = new Promise<Ended>((resolve, reject) => {
    child.on("error", reject)
    child.on("close", (code) => resolve({ code, stdout, stderr }))
  })
  const until = (pattern: RegExp): Promise<RegExpExecArray> =>
    new Promise((resolve, reject) => {
      const look = (): void => {
        const found = pattern.exec(stdout)
        if (found === null) return
        waiting.delete(look)
        resolve(found)
      }
      waiting.add(look)
      look()
      void ended.then(() => reject(new Error(`ended before ${pattern}:\n${stdout}\n${stderr}`)))
    })
  const interrupt = async () => {
    const from = performance.now()
    child.kill("SIGINT")
    return { ...(await ended), millis: performance.now() - from }
  }
  return { child, stdout: () => stdout, stderr: () => stderr, until, ended, interrupt }
}

/** Starts the command line. */
export const understudy = (args: ReadonlyArray<string>, options: Options = {}): Running =>
  launch(process.execPath, ["--conditions=source", entry, ...args], options)

/** Runs the command line to its end. */
export const run = (args: ReadonlyArray<string>, options: Options = {}): Promise<Ended> =>
  understudy(args, options).ended

/** A folder that is gone when the tests of its file are over. */
export const temporaryFolder = (): string => {
  const folder = mkdtempSync(path.join(tmpdir(), "understudy-cli-"))
  folders.push(folder)
  return folder
}

const folders: Array<string> = []

afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true })
})
