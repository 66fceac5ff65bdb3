/**
 * What the operator's side keeps over a restart, in one SQLite file: accounts, sessions, API tokens, the audit log and the
 * versions of the configuration. Of a session and a token only the SHA-256 is kept.
 *
 * It is asked seldom, so it is asked directly. `":memory:"` keeps nothing.
 */
import { chmodSync, mkdirSync, writeFileSync } from "node:fs"
import { dirname, join } from "node:path"
import { DatabaseSync, type SQLInputValue } from "node:sqlite"
import * as Effect from "effect/Effect"

const schema = `
  CREATE TABLE IF NOT EXISTS account (name TEXT PRIMARY KEY, role TEXT NOT NULL, password TEXT NOT NULL) STRICT;
  CREATE TABLE IF NOT EXISTS session (
    hash TEXT PRIMARY KEY, account TEXT NOT NULL, createdAt INTEGER NOT NULL, lastSeenAt INTEGER NOT NULL,
    address TEXT NOT NULL, agent TEXT NOT NULL
  ) STRICT;
  CREATE TABLE IF NOT EXISTS token (
    id TEXT PRIMARY KEY, hash TEXT NOT NULL UNIQUE, name TEXT NOT NULL, scopes TEXT NOT NULL, createdAt INTEGER NOT NULL,
    expiresAt INTEGER, lastUsedAt INTEGER
  ) STRICT;
  CREATE TABLE IF NOT EXISTS audit (
    id INTEGER PRIMARY KEY, at INTEGER NOT NULL, actor TEXT NOT NULL, address TEXT NOT NULL, action TEXT NOT NULL,
    object TEXT NOT NULL, result TEXT NOT NULL, detail TEXT NOT NULL
  ) STRICT;
  CREATE TABLE IF NOT EXISTS revision (
    number INTEGER PRIMARY KEY, revision TEXT NOT NULL, at INTEGER NOT NULL, actor TEXT NOT NULL, text TEXT NOT NULL
  ) STRICT;
`

/** A row of a query. */
export type Row = Readonly<Record<string, SQLInputValue>>

/** A folder for its owner alone, whose content no repository takes in by mistake. */
const prepare = (folder: string): void => {
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  writeFileSync(join(folder, ".gitignore"), "*\n")
}

/**
 * Writes what may be lost: a full disk or a file that another program holds costs the row, which the log tells, and never what the
 * row is about. Undefined then.
 */
export const keep = <A>(what: string, write: () => A): Effect.Effect<A | undefined> =>
  Effect.suspend(() => {
    try {
      return Effect.succeed(write())
    } catch (error) {
      return Effect.as(Effect.logWarning(`${what} could not be kept: ${String(error)}`), undefined)
    }
  })

/** The file. */
export class Store {
  readonly #database: DatabaseSync

  /** Opens it, and makes it and its folder where they are not there, readable by its owner alone. Throws what node throws. */
  constructor(path: string) {
    if (path !== ":memory:") prepare(dirname(path))
    this.#database = new DatabaseSync(path)
    if (path !== ":memory:") chmodSync(path, 0o600)
    // While it waits for another program's lock the gateway's calls wait, too: not for long.
    this.#database.exec("PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA busy_timeout = 50;")
    this.#database.exec(schema)
  }

  /** Every row of a query. */
  all(sql: string, values: Row = {}): ReadonlyArray<Row> {
    return this.#database.prepare(sql).all(values) as ReadonlyArray<Row>
  }

  /** How many rows a statement changed. */
  run(sql: string, values: Row = {}): number {
    return Number(this.#database.prepare(sql).run(values).changes)
  }

  /** As `run`; what cannot be written now is left for the next time. */
  tryRun(sql: string, values: Row = {}): void {
    try {
      this.run(sql, values)
    } catch {
      // A full disk, or a file that another program holds: whoever asks is answered all the same.
    }
  }

  close(): void {
    this.#database.close()
  }
}
