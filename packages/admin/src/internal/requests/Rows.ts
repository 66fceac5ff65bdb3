/**
 * The request log's table and its queries. Names (of consumers, routes, models, providers) stand in a table of their own, which
 * is also the list to choose from; a query goes through the one index that its filters make the narrowest, ids first, rows after.
 *
 * An id is the time of the request in milliseconds, times 4,096, plus a number within the millisecond: in the order of time, and
 * exact as a JavaScript number until the year 2231.
 */
import { DatabaseSync, type SQLInputValue, type StatementSync } from "node:sqlite"

/** One request. Times are Unix milliseconds; null where there is nothing to say. */
export interface Row {
  readonly time: number
  readonly requestId: string
  readonly endpoint: string
  readonly status: number
  readonly error: string | null
  readonly consumer: string | null
  readonly model: string | null
  readonly route: string | null
  readonly provider: string | null
  readonly answeredBy: string | null
  readonly attempts: number
  readonly trail: string | null
  readonly inputTokens: number | null
  readonly outputTokens: number | null
  readonly cost: number | null
  readonly currency: string | null
  readonly firstMs: number | null
  readonly ms: number
}

/** A row with its id. */
export interface Stored extends Row {
  readonly id: number
}

/** Which requests are wanted; what is left out is no condition. */
export interface Filter {
  readonly consumer?: string | undefined
  readonly model?: string | undefined
  readonly route?: string | undefined
  readonly failed?: boolean | undefined
  /** More than one attempt was sent. */
  readonly moved?: boolean | undefined
  /** Milliseconds that it took at least. */
  readonly slowerThan?: number | undefined
  readonly requestId?: string | undefined
  /** Ids: a page further back, or what is new. */
  readonly before?: number | undefined
  readonly after?: number | undefined
}

const named = ["consumer", "model", "route", "provider", "answeredBy"] as const

type Named = (typeof named)[number]

/** Names of each kind that requests have had. */
export type Names = Readonly<Record<"consumer" | "model" | "route", ReadonlyArray<string>>>

const schema = `
  PRAGMA auto_vacuum = INCREMENTAL;
  PRAGMA journal_mode = WAL;
  PRAGMA synchronous = NORMAL;
  PRAGMA busy_timeout = 2000;
  CREATE TABLE IF NOT EXISTS name (id INTEGER PRIMARY KEY, kind TEXT NOT NULL, text TEXT NOT NULL, UNIQUE (kind, text)) STRICT;
  CREATE TABLE IF NOT EXISTS request (
    id INTEGER PRIMARY KEY, requestId TEXT NOT NULL, endpoint TEXT NOT NULL, status INTEGER NOT NULL, error TEXT,
    consumer INTEGER, model INTEGER, route INTEGER, provider INTEGER, answeredBy INTEGER, attempts INTEGER NOT NULL, trail TEXT,
    inputTokens INTEGER, outputTokens INTEGER, cost REAL, currency TEXT, firstMs INTEGER, ms INTEGER NOT NULL,
    failed INTEGER NOT NULL, moved INTEGER NOT NULL
  ) STRICT;
  CREATE INDEX IF NOT EXISTS byRequestId ON request (requestId);
  CREATE INDEX IF NOT EXISTS byConsumer ON request (consumer, id, route, model, failed, moved, ms);
  CREATE INDEX IF NOT EXISTS byRoute ON request (route, id, consumer, model, failed, moved, ms);
  CREATE INDEX IF NOT EXISTS byModel ON request (model, id, consumer, route, failed, moved, ms);
  CREATE INDEX IF NOT EXISTS bySpeed ON request (id, ms, failed, moved);
  CREATE INDEX IF NOT EXISTS failures ON request (id, ms, moved) WHERE failed = 1;
  CREATE INDEX IF NOT EXISTS moves ON request (id, ms, failed) WHERE moved = 1;
  CREATE INDEX IF NOT EXISTS slow ON request (id, ms, failed, moved) WHERE ms >= 1000;
`

const columns = [
  "id",
  "requestId",
  "endpoint",
  "status",
  "error",
  "consumer",
  "model",
  "route",
  "provider",
  "answeredBy",
  "attempts",
  "trail",
  "inputTokens",
  "outputTokens",
  "cost",
  "currency",
  "firstMs",
  "ms",
  "failed",
  "moved"
] as const

/** Names that are told apart; further ones stand under one. */
const mostNames = 10_000
const others = "(others)"

const perMillisecond = 4_096

const idAt = (time: number): number => time * perMillisecond

/** The index that a filter goes through; undefined for the table itself. */
const indexFor = (filter: Filter): string | undefined => {
  if (filter.requestId !== undefined) return "byRequestId"
  if (filter.consumer !== undefined) return "byConsumer"
  if (filter.model !== undefined) return "byModel"
  if (filter.route !== undefined) return "byRoute"
  if (filter.failed === true) return "failures"
  if (filter.moved === true) return "moves"
  if (filter.slowerThan !== undefined && filter.slowerThan >= 1_000) return "slow"
  return filter.slowerThan !== undefined || filter.failed === false || filter.moved === false ? "bySpeed" : undefined
}

/** The log's file. Throws what node throws. */
export class Rows {
  readonly #database: DatabaseSync
  readonly #insert: StatementSync
  readonly #names = new Map<string, number>()
  readonly #texts = new Map<number, string>()
  #last = 0

  constructor(path: string) {
    this.#database = new DatabaseSync(path)
    this.#database.exec(schema)
    const values = columns.map((column) => `$${column}`).join(", ")
    this.#insert = this.#database.prepare(`INSERT INTO request (${columns.join(", ")}) VALUES (${values})`)
    for (const { id, kind, text } of this.#all("SELECT * FROM name")) this.#know(Number(id), String(kind), String(text))
    this.#last = Number(this.#all("SELECT max(id) AS id FROM request")[0]?.["id"] ?? 0)
  }

  /** Adds rows, all or none. */
  insert(rows: ReadonlyArray<Row>): void {
    const before = this.#last
    this.#database.exec("BEGIN IMMEDIATE")
    try {
      for (const row of rows) this.#insert.run(this.#toValues(row))
      this.#database.exec("COMMIT")
    } catch (error) {
      this.#last = before
      this.#forget()
      if (this.#database.isTransaction) this.#database.exec("ROLLBACK")
      throw error
    }
  }

  /** The latest rows of a filter, at most `limit`, the latest first. */
  page(filter: Filter, limit: number): ReadonlyArray<Stored> {
    const conditions: Array<string> = []
    const values: Record<string, SQLInputValue> = { limit }
    const where = (condition: string, name?: string, value?: SQLInputValue): void => {
      conditions.push(condition)
      if (name !== undefined && value !== undefined) values[name] = value
    }
    for (const kind of ["consumer", "model", "route"] as const) {
      const text = filter[kind]
      if (text === undefined) continue
      const id = this.#names.get(`${kind}\n${text}`)
      if (id === undefined) return []
      where(`${kind} = $${kind}`, kind, id)
    }
    if (filter.failed !== undefined) where(`failed = ${filter.failed ? 1 : 0}`)
    if (filter.moved !== undefined) where(`moved = ${filter.moved ? 1 : 0}`)
    if (filter.slowerThan !== undefined) {
      where("ms >= $slowerThan", "slowerThan", filter.slowerThan)
      // What a partial index is made for has to be said for it to be taken.
      if (filter.slowerThan >= 1_000) where("ms >= 1000")
    }
    if (filter.requestId !== undefined) where("requestId = $requestId", "requestId", filter.requestId)
    if (filter.before !== undefined) where("id < $before", "before", filter.before)
    if (filter.after !== undefined) where("id > $after", "after", filter.after)
    const index = indexFor(filter)
    const narrowed = `SELECT id FROM request ${index === undefined ? "" : `INDEXED BY ${index}`} ${conditions.length === 0 ? "" : `WHERE ${conditions.join(" AND ")}`} ORDER BY id DESC LIMIT $limit`
    return this.#all(`SELECT * FROM request WHERE id IN (${narrowed}) ORDER BY id DESC`, values).map((row) =>
      this.#toStored(row)
    )
  }

  /** The row of an id; undefined where there is none. */
  find(id: number): Stored | undefined {
    const [row] = this.#all("SELECT * FROM request WHERE id = $id", { id })
    return row === undefined ? undefined : this.#toStored(row)
  }

  /** What filters can choose from. */
  names(): Names {
    const of = (kind: string): ReadonlyArray<string> =>
      [...this.#names.keys()]
        .filter((name) => name.startsWith(`${kind}\n`))
        .map((name) => name.slice(kind.length + 1))
        .toSorted()
    return { consumer: of("consumer"), model: of("model"), route: of("route") }
  }

  /**
   * Removes a step of what is older than `since`, or, where the file is larger than `maxBytes`, of the oldest; false when there
   * is nothing left to remove.
   */
  trim(since: number, maxBytes: number): boolean {
    const step = 500
    const oldest = "SELECT id FROM request ORDER BY id LIMIT 500"
    const condition = this.#bytes() > maxBytes ? "" : `AND id < ${idAt(since)}`
    const { changes } = this.#database.prepare(`DELETE FROM request WHERE id IN (${oldest}) ${condition}`).run()
    this.#database.exec("PRAGMA incremental_vacuum(200)")
    return Number(changes) === step
  }

  close(): void {
    this.#database.close()
  }

  /** Bytes of what is in use. */
  #bytes(): number {
    const of = (pragma: string): number => Number(this.#all(`PRAGMA ${pragma}`)[0]?.[pragma] ?? 0)
    return (of("page_count") - of("freelist_count")) * of("page_size")
  }

  #all(
    sql: string,
    values: Readonly<Record<string, SQLInputValue>> = {}
  ): ReadonlyArray<Readonly<Record<string, unknown>>> {
    return this.#database.prepare(sql).all(values)
  }

  #know(id: number, kind: string, text: string): void {
    this.#names.set(`${kind}\n${text}`, id)
    this.#texts.set(id, text)
  }

  /** Names that a transaction made which was taken back. */
  #forget(): void {
    this.#names.clear()
    this.#texts.clear()
    for (const { id, kind, text } of this.#all("SELECT * FROM name")) this.#know(Number(id), String(kind), String(text))
  }

  #nameOf(kind: Named, text: string | null): number | null {
    if (text === null) return null
    const known = this.#names.get(`${kind}\n${text}`)
    if (known !== undefined) return known
    // A model's name is a caller's to choose.
    if (this.#names.size >= mostNames && text !== others) return this.#nameOf(kind, others)
    const { lastInsertRowid } = this.#database
      .prepare("INSERT INTO name (kind, text) VALUES ($kind, $text)")
      .run({ kind, text })
    this.#know(Number(lastInsertRowid), kind, text)
    return Number(lastInsertRowid)
  }

  #toValues({ time, ...row }: Row): Record<string, SQLInputValue> {
    this.#last = Math.max(this.#last + 1, idAt(time))
    const names = Object.fromEntries(named.map((kind) => [kind, this.#nameOf(kind, row[kind])]))
    const failed = row.status >= 400 || row.error !== null ? 1 : 0
    return { ...row, ...names, id: this.#last, failed, moved: row.attempts > 1 ? 1 : 0 }
  }

  #toStored({ failed, moved, ...row }: Readonly<Record<string, unknown>>): Stored {
    const names = Object.fromEntries(named.map((kind) => [kind, this.#texts.get(Number(row[kind])) ?? null]))
    return { ...row, ...names, time: Math.floor(Number(row["id"]) / perMillisecond) } as unknown as Stored
  }
}
