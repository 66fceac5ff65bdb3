/**
 * Turns a recording into a plan's bytes, and keeps the recordings with their turns.
 *
 * Frames are parted at the ends of events, so that faults find their place in them. What cannot be read is passed on as it
 * is.
 */

import type { EndingKind, Headers, Part, Step } from "../../Plan.ts"
import type { Recording } from "../../Recording.ts"
import type { VendorName } from "../../VendorList.ts"
import { isFields, parse } from "../vendor/ChatRequest.ts"

/** What a recording says, ready to be played. */
export interface Replay {
  readonly status: number
  readonly headers: Headers
  readonly steps: ReadonlyArray<Step>
  readonly end: EndingKind
}

/** The recordings. */
export interface Replays {
  add(recording: Recording): void
  /** The one whose turn it is, if any fits. */
  next(vendor: VendorName, model: string, stream: boolean): Replay | undefined
  /** Whether there is one of this model, however it was called. */
  names(vendor: VendorName, model: string): boolean
  /** How many of those that fit are refusals or break off. */
  bad(vendor: VendorName, model: string, stream: boolean): "none" | "some" | "all"
  clear(): void
}

type Facts = Pick<Step, "chunks" | "part" | "finish" | "totalTokens">

const isSaid = (value: unknown): boolean =>
  Array.isArray(value) ? value.length > 0 : value !== undefined && value !== null && value !== ""

const partOf = (delta: Record<string, unknown>): Part => {
  if (isSaid(delta["reasoning_content"])) return "reasoning"
  if (isSaid(delta["content"])) return "content"
  return isSaid(delta["tool_calls"]) ? "tool" : "role"
}

/** What a chunk or a whole body says: vendors keep its text under `delta` or `message`. */
const factsOf = (json: unknown, whole: boolean): Facts => {
  if (!isFields(json)) return { chunks: 0, part: whole ? "body" : "content" }
  const choice = Array.isArray(json["choices"]) && isFields(json["choices"][0]) ? json["choices"][0] : {}
  const usage = isFields(json["usage"]) ? json["usage"]["total_tokens"] : undefined
  const finish = choice["finish_reason"]
  const said = partOf(isFields(choice["delta"]) ? choice["delta"] : {})
  const closing = isSaid(finish) ? "finish" : usage === undefined ? "role" : "usage"
  const part = "error" in json ? "error" : said === "role" ? closing : said
  return {
    part: whole ? "body" : part,
    chunks: whole || said !== "role" ? 1 : 0,
    ...(typeof finish === "string" ? { finish } : {}),
    ...(typeof usage === "number" ? { totalTokens: usage } : {})
  }
}

const eventFacts = (event: string): Facts => {
  const data = /^data: ?(.*)$/m.exec(event)?.[1]
  if (data === undefined) return { chunks: 0, part: "queue" }
  return data === "[DONE]" ? { chunks: 0, part: "done" } : factsOf(parse(data), false)
}

const streamed = ({ frames }: Recording): ReadonlyArray<Step> =>
  frames.flatMap(({ after, data }) =>
    (data.match(/[\s\S]+?(?:\r?\n\r?\n|$)/g) ?? []).map((event, index): Step => {
      return { after: index === 0 ? after : 0, data: event, ...eventFacts(event) }
    })
  )

const plain = ({ frames }: Recording): ReadonlyArray<Step> => {
  const facts = factsOf(parse(frames.map(({ data }) => data).join("")), true)
  return frames.map(({ after, data }, index): Step => {
    const blank = data.trim() === ""
    const last = index === frames.length - 1
    return { after, data, ...(blank ? { chunks: 0, part: "queue" } : last ? facts : { chunks: 0, part: "body" }) }
  })
}

const framing = ["content-length", "transfer-encoding", "content-encoding", "connection", "keep-alive"]

const toReplay = (recording: Recording): Replay => ({
  status: recording.status,
  headers: recording.headers
    .map(([name, value]): [string, string] => [name.toLowerCase(), value])
    .filter(([name]) => !framing.includes(name)),
  steps: recording.stream ? streamed(recording) : plain(recording),
  end: recording.end
})

const isBad = ({ end, status }: Replay): boolean => status >= 400 || end !== "complete"

const slotOf = (vendor: VendorName, model: string, stream: boolean): string => `${vendor}\u0000${model}\u0000${stream}`

/** Makes an empty store. */
export const make = (): Replays => {
  const store = new Map<string, { readonly replays: Array<Replay>; played: number }>()
  return {
    add: (recording) => {
      const slot = slotOf(recording.vendor, recording.model, recording.stream)
      const turns = store.get(slot) ?? { replays: [], played: 0 }
      turns.replays.push(toReplay(recording))
      store.set(slot, turns)
    },
    next: (vendor, model, stream) => {
      if (store.size === 0) return undefined
      const turns = store.get(slotOf(vendor, model, stream))
      return turns?.replays[turns.played++ % turns.replays.length]
    },
    names: (vendor, model) =>
      store.size > 0 && [true, false].some((stream) => store.has(slotOf(vendor, model, stream))),
    bad: (vendor, model, stream) => {
      const replays = store.get(slotOf(vendor, model, stream))?.replays ?? []
      if (!replays.some(isBad)) return "none"
      return replays.every(isBad) ? "all" : "some"
    },
    clear: () => store.clear()
  }
}
