/** The parent's side: starts the processes of a run, asks them, and ends every one of them. */
import { type ChildProcess, fork } from "node:child_process"
import * as path from "node:path"

/** A process of the run. */
export interface Child<Ready> {
  readonly ready: Ready
  readonly ask: <A>(name: string, input?: unknown) => Promise<A>
  readonly stop: () => Promise<void>
}

interface Reply {
  readonly id: number
  readonly value?: never
  readonly error?: string
}

const running = new Set<ChildProcess>()

/** Ends whatever still runs. */
export const stopAll = (): void => {
  for (const child of running) child.kill("SIGKILL")
}

/** Where `--cpu-prof` puts the profiles of the measured processes; undefined does not profile. */
export const profiling: { directory: string | undefined } = { directory: undefined }

/** How a process is started. */
interface Options {
  /** Whether `--cpu-prof` is for this one. */
  readonly profiled?: boolean
  /** Whether the workspace's packages are run from their sources; default true. */
  readonly sources?: boolean
}

const flags = ({ profiled = false, sources = true }: Options): Array<string> => {
  const { directory } = profiling
  return [
    ...(sources ? ["--conditions=source"] : []),
    ...(profiled && directory !== undefined ? ["--cpu-prof", `--cpu-prof-dir=${directory}`] : [])
  ]
}

/** Starts `process/<name>.ts` and waits until it is ready. */
export const start = <Ready>(name: string, input: unknown = {}, options: Options = {}): Promise<Child<Ready>> => {
  const child = fork(path.join(import.meta.dirname, "process", `${name}.ts`), [JSON.stringify(input)], {
    execArgv: flags(options),
    env: { ...process.env, NODE_ENV: "production" },
    stdio: ["ignore", "ignore", "pipe", "ipc"]
  })
  running.add(child)
  const pending = new Map<number, PromiseWithResolvers<never>>()
  let errors = ""
  let stopping = false
  child.stderr?.on("data", (text: Buffer) => {
    errors = (errors + text).slice(-4_000)
  })
  child.on("message", ({ error, id, value }: Reply) => {
    const waiting = pending.get(id)
    pending.delete(id)
    if (error === undefined) waiting?.resolve(value as never)
    else waiting?.reject(new Error(`${name}: ${error}`))
  })
  const ended = new Promise<void>((resolve) => {
    const over = (how: string): void => {
      running.delete(child)
      for (const waiting of pending.values()) waiting.reject(new Error(`${name} ${how}`))
      resolve()
    }
    child.on("error", (error) => over(`could not be started: ${error.message}`))
    child.on("exit", (code, signal) => over(`ended (${signal ?? code})${stopping ? "" : `\n${errors}`}`))
  })
  const wait = <A>(id: number): Promise<A> => {
    const waiting = Promise.withResolvers<never>()
    pending.set(id, waiting)
    return waiting.promise
  }
  let last = 0
  return wait<Ready>(0).then((ready) => ({
    ready,
    ask: (question, input) => {
      const id = ++last
      child.send({ id, name: question, input })
      return wait(id)
    },
    stop: () => {
      stopping = true
      child.disconnect()
      return ended
    }
  }))
}
