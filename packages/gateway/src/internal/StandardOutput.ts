/**
 * Writes to a file descriptor, standard output as a rule, without ever waiting for whoever reads it: calls go on while a pipe
 * is full, a disk is, or its reader has gone. What a full pipe does not take is kept, up to a limit; what cannot be written is
 * counted, and told as soon as something can be written again.
 */
import { writeSync } from "node:fs"

/** Most that is kept for a reader who is slower than the log, in bytes. */
export const maxKept = 8 * 1024 * 1024

/** How long the last lines may wait for a slow reader when the log is closed, in milliseconds. */
const patience = 500

/** A pause between two tries then. */
const pause = 5

const lineEnd = 10

const linesIn = (bytes: Buffer): number => {
  let count = 0
  for (let at = bytes.indexOf(lineEnd); at !== -1; at = bytes.indexOf(lineEnd, at + 1)) count++
  return count
}

/** What is done with bytes: how many of them were taken. Throws as `fs.writeSync` does. */
export type Write = (bytes: Buffer) => number

/** An output of lines. */
export class StandardOutput {
  readonly #write: Write
  readonly #tellLost: (count: number) => string
  #kept: Buffer = Buffer.alloc(0)
  /** Lines that are kept, and lines that the notice among them speaks of. */
  #keptLines = 0
  #told = 0
  #lost = 0
  /** What was written last ends in the middle of a line. */
  #torn = false

  /** `tellLost` makes the line that says how many are missing. */
  constructor(tellLost: (count: number) => string, write: Write = (bytes) => writeSync(1, bytes)) {
    this.#tellLost = tellLost
    this.#write = write
  }

  /** Takes whole lines; false when some of them wait for their reader. */
  write(lines: string): boolean {
    const bytes = Buffer.from(lines)
    const count = linesIn(bytes)
    if (this.#kept.length + bytes.length > maxKept) this.#lost += count
    else {
      // Where lines are missing, and nowhere else: what is kept is from before.
      if (this.#kept.length === 0) this.#kept = this.#notice()
      this.#kept = this.#kept.length === 0 ? bytes : Buffer.concat([this.#kept, bytes])
      this.#keptLines += count
    }
    return this.#push()
  }

  /** Waits a moment for a reader who is behind: nothing else is left to do. */
  drain(): void {
    const until = performance.now() + patience
    const sleeper = new Int32Array(new SharedArrayBuffer(4))
    while (!this.#push() && performance.now() < until) Atomics.wait(sleeper, 0, 0, pause)
  }

  #notice(): Buffer {
    this.#told = this.#lost
    this.#lost = 0
    const start = this.#torn ? "\n" : ""
    return Buffer.from(this.#told === 0 ? start : `${start}${this.#tellLost(this.#told)}\n`)
  }

  #push(): boolean {
    try {
      while (this.#kept.length > 0) {
        const taken = this.#write(this.#kept)
        if (taken > 0) this.#torn = this.#kept[taken - 1] !== lineEnd
        this.#kept = this.#kept.subarray(taken)
      }
    } catch (error) {
      if (error instanceof Error && "code" in error && error.code === "EAGAIN") return false
      this.#lost += this.#keptLines + this.#told
      this.#kept = Buffer.alloc(0)
    }
    this.#keptLines = 0
    this.#told = 0
    return true
  }
}
