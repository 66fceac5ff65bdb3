/**
 * Everything that arrived and how it went: one entry per request, in order of arrival.
 *
 * An entry is live: it is `open` from arrival until its response ends, and its counters grow meanwhile. Keys appear as a
 * mask, a fingerprint and the name given with `setKey`; the full key is never stored.
 *
 * A client of any language tells which of its calls a request belongs to by a mark in the text: `[call:ID]`, where ID is up
 * to 64 letters, digits and `_.:-`. The last such mark in the messages counts. `call` is then the ID, and `attempt` counts the
 * requests of that call from 1, so a client's own retries and fallbacks can be told apart.
 *
 * **Gotchas**
 *
 * - Only the newest `limit` entries are kept (10,000 unless told otherwise); `total` counts all. The attempts of a call are
 *   counted as long as one of them is kept.
 * - `complete` means that every byte was handed over, not that the client read it.
 *
 * **Example** (which keys were tried, and who left)
 *
 * ```ts
 * vendors.journal.of({ vendor: "qwen" }).map((entry) => entry.keyName)
 * await vendors.journal.waitFor((entry) => entry.end === "client-left")
 * ```
 */
import { fingerprint } from "./internal/key/KeyMask.ts"
import type { VendorName } from "./VendorList.ts"

/** Which adapter carried a request. */
export type AdapterName = "server" | "network" | "transport"

/** How a response ended; `open` while it has not. `refused` is a connection that never got a status line. */
export type End = "open" | "complete" | "cut" | "reset" | "half-close" | "refused" | "client-left" | "server-closed"

/** When and where a client gave up. */
export interface Departure {
  /** Milliseconds since arrival. */
  readonly after: number
  /** Content chunks it had been sent. */
  readonly chunk: number
}

/** One request and its response. Moments are milliseconds since 1970 by the vendors' clock. */
export interface Entry {
  /** 1 for the first request since the last clear. */
  readonly ordinal: number
  readonly arrivedAt: number
  readonly adapter: AdapterName
  readonly vendor: VendorName
  readonly method: string
  readonly path: string
  /** The masked key, empty when none was sent. */
  readonly key: string
  /** The key's fingerprint, empty when none was sent. */
  readonly keyId: string
  /** The name given with `setKey`, else the fingerprint. */
  readonly keyName: string
  readonly account: string
  readonly model: string
  readonly stream: boolean
  /** `answer`, or the recipes and faults that shaped the response, joined by `+`. */
  readonly recipe: string
  /** 0 when the connection failed before a status line. */
  readonly status: number
  readonly headersAt?: number
  readonly firstByteAt?: number
  readonly endedAt?: number
  /** Bytes of the body sent so far. */
  readonly bytes: number
  /** Content chunks sent so far. */
  readonly chunks: number
  readonly end: End
  readonly left?: Departure
  /** The ID of the mark `[call:ID]` in the messages. */
  readonly call?: string
  /** Which request of its call this is: 1 for the first. */
  readonly attempt?: number
  /** The results of tools that came with it: those behind the last user message, 200 characters each at most. */
  readonly toolResults?: ReadonlyArray<string>
  /** The `max_tokens` that was asked for. */
  readonly maxTokens?: number
  /** Milliseconds of the Retry-After that was sent. */
  readonly retryAfter?: number
  /** The finish_reason that was sent. */
  readonly finish?: string
  /** The `total_tokens` that the response says, or would have said had the client stayed. */
  readonly totalTokens?: number
}

/** Filters for `of`; `key` is a key, its name, its fingerprint or its mask. */
export interface Query {
  readonly key?: string
  readonly vendor?: VendorName
  readonly model?: string
  readonly account?: string
  readonly recipe?: string
  readonly end?: End
  readonly call?: string
}

/** What tests and people ask. */
export interface Journal {
  readonly entries: ReadonlyArray<Entry>
  /** How many requests arrived since the last clear, including those no longer kept. */
  readonly total: number
  /** The entries that match every given filter. */
  of(query: Query): ReadonlyArray<Entry>
  /** The entries whose response has not ended. */
  open(): ReadonlyArray<Entry>
  /** The first entry, past or future, that satisfies the predicate. Never polls; never times out by itself. */
  waitFor(predicate: (entry: Entry) => boolean): Promise<Entry>
  clear(): void
}

/** An entry as its writer sees it. */
export type Draft = { -readonly [Name in keyof Entry]: Entry[Name] }

/** A journal that can be written to. */
export interface Writable extends Journal {
  /** Adds an entry, whose ordinal is the next one. */
  begin(entry: Draft): Draft
  /** Counts a request of a call: 1 for the first since the last clear. */
  attempt(call: string): number
  /** Tells those who wait that an entry changed. */
  touch(entry: Draft): void
}

const matches = (query: Query): ((entry: Entry) => boolean) => {
  const { key, ...rest } = query
  const id = key === undefined ? "" : fingerprint(key)
  const wanted = Object.entries(rest)
  return (entry) =>
    (key === undefined || [entry.key, entry.keyName, entry.keyId].includes(key) || entry.keyId === id) &&
    wanted.every(([name, value]) => value === undefined || entry[name as keyof Entry] === value)
}

/** Makes an empty journal. */
export const make = (limit = 10_000): Writable => {
  let entries: Array<Draft> = []
  let total = 0
  const attempts = new Map<string, number>()
  const waiting = new Set<(entry: Entry) => void>()
  const touch = (entry: Draft): void => {
    for (const notice of waiting) notice(entry)
  }
  return {
    get entries() {
      return entries
    },
    get total() {
      return total
    },
    of: (query) => entries.filter(matches(query)),
    open: () => entries.filter((entry) => entry.end === "open"),
    waitFor: (predicate) => {
      const found = entries.find(predicate)
      if (found !== undefined) return Promise.resolve(found)
      const { promise, resolve } = Promise.withResolvers<Entry>()
      const notice = (entry: Entry): void => {
        if (!predicate(entry)) return
        waiting.delete(notice)
        resolve(entry)
      }
      waiting.add(notice)
      return promise
    },
    clear: () => {
      entries = []
      total = 0
      attempts.clear()
    },
    attempt: (call) => {
      const attempt = (attempts.get(call) ?? 0) + 1
      attempts.set(call, attempt)
      return attempt
    },
    begin: (entry) => {
      total++
      entries.push(entry)
      // Trimming by halves keeps the cost of a full journal constant per request.
      if (entries.length >= limit * 2) {
        const gone = entries.slice(0, -limit)
        entries = entries.slice(-limit)
        const going = new Set(entries.map(({ call }) => call))
        for (const { call } of gone) if (call !== undefined && !going.has(call)) attempts.delete(call)
      }
      touch(entry)
      return entry
    },
    touch
  }
}
