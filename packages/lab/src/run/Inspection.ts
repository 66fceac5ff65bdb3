/**
 * What of a request that reached a vendor is not as it should be: keys where none belong, and other messages than the caller's.
 *
 * Looked at on arrival, for only then the request is there: the journal keeps no bodies. Most requests are told to be in order by
 * looking for the caller's texts as JSON writes them; only the others are read.
 *
 * **Details**
 *
 * What is granted: further messages before, between and after the caller's (instructions, the beginning of an answer that is to
 * be continued); parts in place of a text; `developer` for `system`; requests of calls that ended long ago.
 */

import type { VendorName } from "@understudy/mocks/VendorList"
import type { Arrival } from "@understudy/mocks/Vendors"
import type { Key } from "../scenario/Scenario.ts"
import type { Attempt } from "./Run.ts"

/** A message as its caller wrote it; content that is no text is not compared. */
export interface AskedMessage {
  readonly role: string
  readonly content: unknown
}

/** What was found; nothing where all is in order. */
export type Found = Pick<Attempt, "differs" | "discloses">

type Arriving = Pick<Arrival, "authorization" | "beside" | "body" | "vendor">

/** Calls whose messages are kept. */
const mostCalls = 20_000

type Fields = Readonly<Record<string, unknown>>

const isFields = (value: unknown): value is Fields => typeof value === "object" && value !== null

const textOf = (content: unknown): string => {
  if (typeof content === "string") return content
  if (!Array.isArray(content)) return ""
  return content
    .map((part: unknown) => (isFields(part) && typeof part["text"] === "string" ? part["text"] : ""))
    .join("")
}

const roleOf = (role: unknown): string => (role === "developer" ? "system" : String(role))

const parse = (body: string): unknown => {
  try {
    return JSON.parse(body)
  } catch {
    return undefined
  }
}

/** True when the texts stand in the body one after the other, as JSON writes them. */
const holds = (body: string, asked: ReadonlyArray<AskedMessage>): boolean => {
  let from = 0
  for (const { content } of asked) {
    if (typeof content !== "string") return false
    const at = body.indexOf(JSON.stringify(content), from)
    if (at < 0) return false
    from = at + 1
  }
  return true
}

const isSame = (message: unknown, { content, role }: AskedMessage): boolean =>
  isFields(message) && roleOf(message["role"]) === roleOf(role) && textOf(message["content"]) === textOf(content)

/** True when the caller's messages are among those of the body, in their order. */
const arrives = (body: string, asked: ReadonlyArray<AskedMessage>): boolean => {
  if (holds(body, asked)) return true
  const json = parse(body)
  const messages = isFields(json) && Array.isArray(json["messages"]) ? json["messages"] : []
  let next = 0
  for (const message of messages) {
    const wanted = asked[next]
    if (wanted !== undefined && isSame(message, wanted)) next++
  }
  return next === asked.length
}

/** Looks at requests as they arrive. */
export class Inspection {
  readonly #keys: ReadonlyArray<Key>
  readonly #asked = new Map<string, ReadonlyArray<AskedMessage>>()
  readonly #order: Array<string> = []
  #count = 0

  constructor(keys: ReadonlyArray<Key>) {
    this.#keys = keys
  }

  /** Remembers what the caller of a call asks. */
  expect(call: string, messages: ReadonlyArray<AskedMessage>): void {
    this.#asked.set(call, messages)
    // The first key of a map that shrinks at its front is dear to find.
    const at = this.#count++ % mostCalls
    const oldest = this.#order[at]
    if (oldest !== undefined) this.#asked.delete(oldest)
    this.#order[at] = call
  }

  /** What is wrong with a request; `call` is the one that it was made for. */
  look(arrival: Arriving, call: string | undefined): Found | undefined {
    const discloses = this.#disclosed(arrival)
    const asked = call === undefined ? undefined : this.#asked.get(call)
    const differs = asked !== undefined && !arrives(arrival.body, asked)
    if (discloses === undefined && !differs) return undefined
    return { ...(discloses === undefined ? {} : { discloses }), ...(differs ? { differs } : {}) }
  }

  /** The names of the keys whose values stand in a line of the client's log. */
  inLine(line: string): ReadonlyArray<string> {
    return this.#keys.filter(({ value }) => line.includes(value)).map(({ name }) => name)
  }

  #disclosed({ authorization = "", beside, body, vendor }: Arriving): Attempt["discloses"] {
    const found = (where: "authorization" | "body" | "header", text: string, isMeant: (key: Key) => boolean) => {
      const key = this.#keys.find((each) => isMeant(each) && text.includes(each.value))
      return key === undefined ? undefined : { key: key.name, where }
    }
    const isAnothers = (key: Key): boolean => key.vendor !== (vendor satisfies VendorName)
    return (
      found("authorization", authorization, isAnothers) ??
      found("body", body, () => true) ??
      found("header", beside?.() ?? "", () => true)
    )
  }
}
