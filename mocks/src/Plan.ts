/**
 * What a vendor will do about one request, as data: the border between deciding and doing.
 *
 * The core turns a request and the state of the world into a `Plan`; an adapter carries it out on a socket (`MockServer`)
 * or inside MSW (`MockNetwork`). The same plan gives the same bytes through both.
 *
 * **Details**
 *
 * - `opening` says when the status line goes out, or how the connection fails before it does.
 * - `steps` are waits and bytes. Steps that need no wait are written together unless `flush` keeps them apart.
 * - `ending` is how the body stops: `complete` ends it properly, the others do not.
 *
 * **Example** (a 200 whose stream is cut after one frame)
 *
 * ```ts
 * const plan: Plan = {
 *   recipe: "cut.midstream", status: 200, headers: [["content-type", "text/event-stream"]], opening: { after: 0 },
 *   steps: [{ after: 0, data: "data: {}\n\n", chunks: 1, part: "content" }], ending: { after: 0, as: "cut" }
 * }
 * ```
 */

/** How a connection fails before a status line. `stall` never says anything. */
export type OpeningFault = "refuse" | "dns" | "reset" | "close" | "stall"

/** When the head of the response goes out, or what happens instead. */
export interface Opening {
  readonly after: number
  readonly fault?: OpeningFault
}

/** What a step carries; faults find their place by it. */
export type Part =
  | "queue" // keep-alives while the vendor has no capacity
  | "role" // the first, empty chunk of a stream
  | "reasoning"
  | "content"
  | "tool"
  | "finish" // the chunk with finish_reason
  | "usage"
  | "done"
  | "body" // a whole JSON or text body
  | "error"

/** A wait, then bytes. `chunks` counts the content chunks (reasoning, text, tool fragments) within. */
export interface Step {
  readonly after: number
  readonly data: string | Uint8Array
  readonly chunks: number
  readonly part: Part
  /** The finish_reason that these bytes say. */
  readonly finish?: string
  /** The `total_tokens` that these bytes say. */
  readonly totalTokens?: number
  /** Write this step on its own, even when it needs no wait. */
  readonly flush?: boolean
}

/** How a body stops. `cut` is a FIN without the end of the body, `half-close` a FIN with the other direction left open. */
export type EndingKind = "complete" | "cut" | "reset" | "half-close" | "stall"

/** When and how the body stops. */
export interface Ending {
  readonly after: number
  readonly as: EndingKind
}

/** Names and values in the order in which they are sent. */
export type Headers = ReadonlyArray<readonly [string, string]>

/** One response, decided. */
export interface Plan {
  /** `answer`, or the ids of the recipe and faults that shaped it, joined by `+`. */
  readonly recipe: string
  readonly status: number
  readonly headers: Headers
  readonly opening: Opening
  readonly steps: ReadonlyArray<Step>
  readonly ending: Ending
}

/** Several steps that are written at once. */
export interface Batch {
  readonly after: number
  readonly data: string | Uint8Array
  readonly chunks: number
  readonly finish: string | undefined
}

type Growing = { -readonly [Name in keyof Batch]: Batch[Name] }

const join = (data: Batch["data"], more: Batch["data"]): Batch["data"] =>
  typeof data === "string" && typeof more === "string"
    ? data + more
    : Buffer.concat([Buffer.from(data as string), Buffer.from(more as string)])

/** Joins steps that need no wait between them. */
export const batches = (plan: Plan): ReadonlyArray<Batch> => {
  const joined: Array<Growing> = []
  let last: Step | undefined
  for (const step of plan.steps) {
    const { after, chunks, data, finish, flush } = step
    const batch = joined.at(-1)
    if (batch === undefined || after > 0 || flush === true || last?.flush === true) {
      joined.push({ after, data, chunks, finish })
    } else {
      batch.data = join(batch.data, data)
      batch.chunks += chunks
      batch.finish = finish ?? batch.finish
    }
    last = step
  }
  return joined
}

/** All bytes of the body, as if nothing went wrong with their delivery. */
export const body = (plan: Plan): Uint8Array =>
  Buffer.concat(plan.steps.map((step) => Buffer.from(step.data as string)))
