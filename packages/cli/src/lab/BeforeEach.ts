/**
 * The command of `--before-each`, which gives a gateway a clean start: a restart, or a call of its own administration.
 *
 * What the command leaves running belongs to the scenario: it is ended before the next one, and when everything ends, however
 * that comes. So `understudy serve --config "$UNDERSTUDY_LAB_CONFIG" &` is enough to have a fresh gateway for each.
 */
import { spawn } from "node:child_process"
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import * as path from "node:path"
import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import { type Failed, failed } from "../Failed.ts"
import type { Messages } from "../Messages.ts"

/** What the command is told in its environment. */
export type Variables = Readonly<Record<`UNDERSTUDY_LAB_${string}`, string>>

/** A command that can be run again and again. */
export interface BeforeEach {
  /** A folder of its own for files that it is given. */
  readonly folder: string
  /** Ends what it left running, runs it, and fails unless it ends with 0. */
  readonly run: (variables: Variables) => Effect.Effect<void, Failed>
}

/** How long what was left running has to end, in milliseconds, and how often that is looked at. */
const grace = { millis: 5_000, look: 50 }

/** The last characters of its output are told when it fails. */
const most = 2_000

/** False when nobody is left in the group. */
const send = (group: number, signal: NodeJS.Signals | 0): boolean => {
  try {
    return process.kill(-group, signal)
  } catch {
    return false
  }
}

const end = Effect.fnUntraced(function* (group: number) {
  if (!send(group, "SIGTERM")) return
  for (let waited = 0; waited < grace.millis && send(group, 0); waited += grace.look) yield* Effect.sleep(grace.look)
  send(group, "SIGKILL")
})

const tail = (file: string): string => readFileSync(file, "utf8").trimEnd().slice(-most)

/** Makes one; with the scope everything of it is gone. */
export const make = (messages: Messages, command: string): Effect.Effect<BeforeEach, never, Scope.Scope> =>
  Effect.gen(function* () {
    const { beforeEachFailed } = messages.labTarget
    const folder = mkdtempSync(path.join(tmpdir(), "understudy-lab-"))
    const log = path.join(folder, "before-each.log")
    let group: number | undefined
    // The second Ctrl-C ends the process at once, and runs no finalizer.
    const last = (): void => void (group !== undefined && send(group, "SIGKILL"))
    process.on("exit", last)
    const stop = Effect.suspend(() => {
      const running = group
      group = undefined
      return running === undefined ? Effect.void : end(running)
    })
    yield* Effect.addFinalizer(() =>
      Effect.andThen(
        stop,
        Effect.sync(() => {
          process.off("exit", last)
          rmSync(folder, { recursive: true })
        })
      )
    )
    const start = (variables: Variables): Effect.Effect<void, Failed> =>
      Effect.callback((resume) => {
        // A file, not a pipe: what is left running goes on writing when nobody reads any more.
        const output = openSync(log, "w")
        const child = spawn(command, {
          shell: true,
          detached: true,
          stdio: ["ignore", output, output],
          env: { ...process.env, ...variables }
        })
        closeSync(output)
        group = child.pid
        child.on("error", (error) => resume(Effect.fail(failed(beforeEachFailed(command, error.message, "")))))
        child.on("exit", (code, signal) =>
          resume(
            code === 0 ? Effect.void : Effect.fail(failed(beforeEachFailed(command, String(code ?? signal), tail(log))))
          )
        )
      })
    return { folder, run: (variables) => Effect.andThen(stop, start(variables)) }
  })
