/**
 * The log of a gateway in another process, read while a scenario runs: what is written meanwhile is looked through for keys.
 *
 * A file that is not there yet is read from its beginning, one that stands there from its end, and one that was begun anew from its
 * beginning again.
 */
import { closeSync, existsSync, openSync, readSync, statSync } from "node:fs"
import type { Client } from "@understudy/lab/run/Client"
import * as Effect from "effect/Effect"
import { type Failed, misused } from "../Failed.ts"
import type { Messages } from "../Messages.ts"

/** Milliseconds between two looks. A run goes on for two seconds after its last call, so that late lines are seen. */
const interval = 200

const sizeOf = (file: string): number => statSync(file, { throwIfNoEntry: false })?.size ?? 0

/** What was written between two places of a file. */
const between = (file: string, from: number, to: number): Buffer => {
  const bytes = Buffer.alloc(to - from)
  const descriptor = openSync(file, "r")
  try {
    return bytes.subarray(0, readSync(descriptor, bytes, 0, bytes.length, from))
  } finally {
    closeSync(descriptor)
  }
}

/** Reads on, line by line, each time that it is called; what is no whole line yet is kept for the next time. */
const reader = (file: string): ((onLine: (line: string) => void) => void) => {
  const decoder = new TextDecoder()
  let at = sizeOf(file)
  let begun = ""
  return (onLine) => {
    const size = sizeOf(file)
    if (size < at) at = 0
    if (size === at) return
    const bytes = between(file, at, size)
    at += bytes.length
    const lines = (begun + decoder.decode(bytes, { stream: true })).split("\n")
    begun = lines.pop() ?? ""
    for (const line of [...lines, begun]) onLine(line)
  }
}

/** The client, whose log is in the file. */
export const watched = (client: Client, file: string): Client => ({
  ...client,
  open: async (setting) => {
    const session = await client.open(setting)
    const read = reader(file)
    const timer = setInterval(() => read(setting.log), interval)
    return {
      start: (request, observer) => session.start(request, observer),
      close: () => {
        clearInterval(timer)
        return session.close?.()
      }
    }
  }
})

/** A log that is nowhere would show no keys: the command line is at fault. */
export const check = ({ labTarget }: Messages, file: string): Effect.Effect<void, Failed> =>
  Effect.suspend(() => (existsSync(file) ? Effect.void : misused(labTarget.noLog(file))))
