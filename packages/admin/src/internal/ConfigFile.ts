/**
 * The configuration's file: watched, applied whole or not at all, written back through the API, and kept in versions.
 *
 * ```
 * the file changes, SIGHUP ─▶ read ─▶ check ─┬─▶ the core takes it; a new version
 *                                            └─▶ nothing changes; the problems are told
 * API ─▶ is it made of the version in force? ─▶ check ─▶ write beside, fsync, rename ─▶ as above
 * ```
 *
 * A change is seen by looking at the file each second: that works on every file system, with editors that write in place or
 * rename, and where the file is a link that is turned to another one.
 */
import { hash, randomBytes } from "node:crypto"
import {
  accessSync,
  closeSync,
  constants,
  fsyncSync,
  openSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync
} from "node:fs"
import { type ConfigError, type Issue, toPathLabel } from "@understudy/core/config/ConfigError"
import type { UnderstudyConfig } from "@understudy/core/config/UnderstudyConfig"
import type { Understudy } from "@understudy/core/Understudy"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Schedule from "effect/Schedule"
import * as Semaphore from "effect/Semaphore"
import type * as Configuration from "../api/Configuration.ts"
import { NotFound, Stale, Unusable } from "../api/Errors.ts"
import type { ConfigSource } from "../ConfigSource.ts"
import type { Live } from "./Live.ts"
import * as Masks from "./Masks.ts"
import { keep, type Store } from "./Store.ts"

type Problem = typeof Configuration.Problem.Type
type Revision = typeof Configuration.Revision.Type

/** Versions that are kept. */
const kept = 50

/** The largest file that is read, in bytes: it is read and parsed between calls. */
const largest = 2 * 1024 * 1024

const digest = (text: string): string => hash("sha256", text)

const toProblem = ({ column, line, message, path }: Issue): Problem => ({
  path: toPathLabel(path),
  message,
  line: line ?? null,
  column: column ?? null
})

const toProblems = (error: ConfigError): ReadonlyArray<Problem> => error.issues.map(toProblem)

const inWords = (problems: ReadonlyArray<Problem>): string =>
  problems
    .map(
      ({ line, message, path }) => `${line === null ? "" : `line ${line}: `}${path === "" ? "" : `${path}: `}${message}`
    )
    .join("\n")

const blank = { provider: null, key: null, model: null, reason: null }

/** What is read of the file. */
interface Read {
  readonly text: string
  readonly revision: string
}

/** What became of a change. */
export type Change =
  | { readonly _tag: "Applied"; readonly actor: string }
  | { readonly _tag: "Refused"; readonly error: ConfigError }

/** The file behind a running core. */
export class ConfigFile {
  readonly #source: ConfigSource["Service"]
  readonly #understudy: Understudy["Service"]
  readonly #store: Pick<Store, "all" | "run">
  readonly #live: Live
  readonly #onChange: (change: Change) => void
  readonly #lock = Semaphore.makeUnsafe(1)
  /** What is in force. */
  #inForce: Read
  #problems: ReadonlyArray<Problem> = []
  /** The file as it was last looked at: a broken one is told once. */
  #seen: string

  constructor(
    source: ConfigSource["Service"],
    understudy: Understudy["Service"],
    store: Pick<Store, "all" | "run">,
    live: Live,
    onChange: (change: Change) => void
  ) {
    this.#source = source
    this.#understudy = understudy
    this.#store = store
    this.#live = live
    this.#onChange = onChange
    this.#inForce = this.#read()
    this.#seen = this.#inForce.revision
  }

  /** Notes the version that the core started with, unless it is the last one of before. */
  readonly begin = Effect.suspend(() => {
    const [last] = this.#store.all("SELECT revision FROM revision ORDER BY number DESC LIMIT 1")
    return last?.["revision"] === this.#inForce.revision ? Effect.void : this.#note("file")
  })

  /** The configuration as it is. */
  describe(): typeof Configuration.Configuration.Type {
    const now = this.#tryRead() ?? this.#inForce
    return {
      source: this.#source.path,
      revision: now.revision,
      text: Masks.put(now.text),
      writable: this.#isWritable(),
      problems: this.#problems
    }
  }

  /** What is wrong with a text. */
  readonly validate = (text: string): Effect.Effect<ReadonlyArray<Problem>> =>
    Effect.matchEager(this.#parse(text), { onSuccess: () => [], onFailure: toProblems })

  /** Takes the file as it stands now, if it is another one and nothing is wrong with it. */
  readonly reload = Effect.fnUntraced(
    { self: this },
    function* (actor: string) {
      const now = this.#tryRead()
      if (now === undefined || now.revision === this.#seen) return
      this.#seen = now.revision
      yield* this.#source.parse(now.text).pipe(
        Effect.flatMap((config) => this.#take(now, config, actor)),
        Effect.catchTag("ConfigError", (error) => this.#refuse(error))
      )
    },
    (effect) => this.#lock.withPermit(effect)
  )

  /** Looks at the file each second, for as long as it is not interrupted. */
  readonly watch: Effect.Effect<void> = Effect.suspend(() => this.reload("file")).pipe(
    Effect.repeat(Schedule.spaced("1 second")),
    Effect.asVoid
  )

  /** Writes a text to the file, if that is still `base`, and has the core take it. */
  readonly apply = Effect.fnUntraced(
    { self: this },
    function* (text: string, base: string, actor: string) {
      const now = this.#tryRead()
      if (now === undefined || now.revision !== base) {
        return yield* new Stale({
          message: "The file has changed since this text was made. Read it again and make the change there.",
          revision: now?.revision ?? ""
        })
      }
      const whole = Masks.undo(text, Masks.of(now.text))
      const config = yield* Effect.mapError(
        this.#parse(text),
        (error) => new Unusable({ message: inWords(toProblems(error)) })
      )
      yield* Effect.try({
        try: () => this.#write(whole),
        catch: (error) => new Unusable({ message: `${this.#source.path} cannot be written: ${String(error)}` })
      })
      return yield* this.#take({ text: whole, revision: digest(whole) }, config, actor)
    },
    (effect) => this.#lock.withPermit(effect)
  )

  /** The versions, the latest first. */
  revisions(): ReadonlyArray<Revision> {
    return this.#store.all("SELECT number, revision, at, actor FROM revision ORDER BY number DESC").map(toRevision)
  }

  /** One version and its text, masked. */
  readonly revision = Effect.fnUntraced({ self: this }, function* (number: number) {
    const { revision, text } = yield* this.#revision(number)
    return { revision, text: Masks.put(text) }
  })

  /** Applies an earlier version again. */
  readonly rollBack = Effect.fnUntraced({ self: this }, function* (number: number, base: string, actor: string) {
    const { text } = yield* this.#revision(number)
    return yield* this.apply(text, base, actor)
  })

  #revision(number: number): Effect.Effect<{ readonly revision: Revision; readonly text: string }, NotFound> {
    const [row] = this.#store.all("SELECT * FROM revision WHERE number = $number", { number })
    return row === undefined
      ? Effect.fail(new NotFound({ message: `There is no version ${number}. The last ${kept} are kept.` }))
      : Effect.succeed({ revision: toRevision(row), text: String(row["text"]) })
  }

  #parse(text: string): Effect.Effect<UnderstudyConfig, ConfigError> {
    return this.#source.parse(Masks.undo(text, Masks.of((this.#tryRead() ?? this.#inForce).text)))
  }

  readonly #take = Effect.fnUntraced({ self: this }, function* (read: Read, config: UnderstudyConfig, actor: string) {
    yield* this.#understudy.reload(config)
    this.#inForce = read
    this.#seen = read.revision
    this.#problems = []
    this.#live.tell({ ...blank, kind: "config-applied", detail: actor })
    this.#onChange({ _tag: "Applied", actor })
    yield* Effect.logInfo(`configuration applied: ${this.#source.path}`).pipe(Effect.annotateLogs({ actor }))
    return yield* this.#note(actor)
  })

  #refuse(error: ConfigError): Effect.Effect<void> {
    this.#problems = toProblems(error)
    this.#live.tell({ ...blank, kind: "config-refused", detail: inWords(this.#problems) })
    this.#onChange({ _tag: "Refused", error })
    return Effect.logWarning(`the configuration in force is kept, as the file cannot be used:\n${error.message}`)
  }

  readonly #note = Effect.fnUntraced({ self: this }, function* (actor: string) {
    const at = yield* Clock.currentTimeMillis
    const { revision, text } = this.#inForce
    const noted = yield* keep("a version of the configuration", () => {
      this.#store.run("INSERT INTO revision (revision, at, actor, text) VALUES ($revision, $at, $actor, $text)", {
        revision,
        at,
        actor,
        text
      })
      this.#store.run("DELETE FROM revision WHERE number <= (SELECT max(number) FROM revision) - $kept", { kept })
      return this.revisions()[0]
    })
    return noted ?? { number: 0, revision, at, actor }
  })

  #read(): Read {
    const file = statSync(this.#source.path)
    // A pipe in its place would be waited for, and everybody with it.
    if (!file.isFile() || file.size > largest)
      throw new Error(`${this.#source.path} is no file of at most ${largest} bytes`)
    const text = readFileSync(this.#source.path, "utf8")
    return { text, revision: digest(text) }
  }

  #tryRead(): Read | undefined {
    try {
      return this.#read()
    } catch {
      return undefined
    }
  }

  #isWritable(): boolean {
    try {
      accessSync(this.#source.path, constants.W_OK)
      return true
    } catch {
      return false
    }
  }

  /** Beside the file first, so that it is never half written; with its mode, and behind a link where it is one. */
  #write(text: string): void {
    const path = realpathSync(this.#source.path)
    const beside = `${path}.${randomBytes(4).toString("hex")}.tmp`
    const file = openSync(beside, "wx", statSync(path).mode)
    try {
      try {
        // Not `writeSync`: on a disk that is nearly full that writes a part, and says so by its result only.
        writeFileSync(file, text)
        fsyncSync(file)
      } finally {
        closeSync(file)
      }
      renameSync(beside, path)
    } catch (error) {
      rmSync(beside, { force: true })
      throw error
    }
  }
}

const toRevision = (row: Readonly<Record<string, unknown>>): Revision => ({
  number: Number(row["number"]),
  revision: String(row["revision"]),
  at: Number(row["at"]),
  actor: String(row["actor"])
})
